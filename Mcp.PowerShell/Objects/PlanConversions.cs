using Mcp.Core.Client;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core;

namespace Mcp.PowerShell;

/// <summary>A previewed deploy as one object for each component.</summary>
internal static class PlanConversions
{
    public static IEnumerable<McpPlan> ToObjects(this DeployPreview preview, ServiceDefinition definition)
    {
        // Where no container differs, it is the definition alone (a strategy, say) that would be recorded again.
        var recordsOnly = preview.HasChanges && !preview.Plan.Components.Any(c => Touches(preview, c));
        foreach (var component in preview.Plan.Components)
        {
            var image = preview.Images.Images.FirstOrDefault(i => i.Components.Contains(component.Component));
            yield return new()
            {
                Service = preview.Plan.Service,
                Node = preview.Node,
                Component = component.Component,
                Change = StateText.Of(component.Change),
                Reason = component.Reason,
                Strategy = component.Strategy is { } strategy ? StrategyNames.Of(strategy) : "",
                StrategyReason = component.StrategyReason,
                RunLine = component.RunLine,
                Image = definition.Components.FirstOrDefault(c => c.Name == component.Component)?.Image ?? "",
                ImageAction = ImageText.Of(image?.Action ?? ImageAction.None),
                ImageReason = image?.Reason ?? "",
                Release = preview.Plan.Release,
                HasChanges = recordsOnly || Touches(preview, component),
            };
        }
    }

    private static bool Touches(DeployPreview preview, ComponentPlan component) =>
        component.Change != ComponentChange.Unchanged
        || preview.Images.Images.Any(i => i.Action != ImageAction.None && i.Components.Contains(component.Component))
        || preview.Plan.Steps.Any(s => s.Component == component.Component);
}
