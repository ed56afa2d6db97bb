using System.Globalization;
using Mcp.Core.Client;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core;

namespace Mcp.PowerShell.Pipeline;

/// <summary>A previewed deploy in words, for -WhatIf: one line for each image that would be made and for each component, the `podman run`
/// line below.</summary>
internal static class PlanText
{
    public static IEnumerable<string> Of(DeployPreview preview)
    {
        foreach (var image in preview.Images.Images.Where(i => i.Action != ImageAction.None))
            yield return $"{Capital(ImageText.Of(image.Action))} image {image.Image}{After(": ", image.Reason)}";
        foreach (var component in preview.Plan.Components)
            yield return Line(component, preview.Plan.Service, preview.Node);
        if (preview.Plan.Release is { } number)
            yield return string.Create(
                CultureInfo.InvariantCulture, $"Record {preview.Plan.Service} on {preview.Node} as release {number}");
        else if (!preview.HasChanges)
            yield return "Nothing to do: " + OperationText.UpToDate(preview.Plan.Service, preview.Node);
    }

    private static string Line(ComponentPlan component, string service, string node)
    {
        var target = $"{service}/{component.Component} on {node}";
        if (component.Change == ComponentChange.Unchanged)
            return $"Leave {target} as it is ({component.Reason})";
        var how = component.Strategy is { } strategy ? $"; {StrategyNames.Of(strategy)} ({component.StrategyReason})" : "";
        return $"{Capital(StateText.Of(component.Change))} {target}: {component.Reason}{how}{After("\n    ", component.RunLine)}";
    }

    private static string After(string separator, string text) => text.Length > 0 ? separator + text : "";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
