using System.Globalization;
using Mcp.Cli.Output;
using Mcp.Core.Client;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Plans;

/// <summary>Shows what a deploy would do: images first, then each component with why and how, then the sum of it.</summary>
/// <param name="width">Characters that a line may have; null: as wide as need be.</param>
internal sealed class PlanView(DeployPreview preview, int? width)
{
    private const int Gap = 2;

    // The agent's own bookkeeping: --json has it, and a person who runs the line by hand must not pass the container off as the agent's.
    private const string AgentLabels = "--label mcp.";

    private OperationPlanned Plan => preview.Plan;

    public void WriteTo(IAnsiConsole console)
    {
        if (!preview.HasChanges)
        {
            console.Write(new Text(OperationText.UpToDate(Plan.Service, preview.Node) + "\n", StateStyle.Strong));
            WriteComponents(console);
            return;
        }
        var head = new Paragraph().Append($"Plan for {Plan.Service} on {preview.Node}", StateStyle.Strong);
        if (Plan.Release is { } release)
            head.Append(string.Create(CultureInfo.InvariantCulture, $", which makes release {release}"), StateStyle.Off);
        console.Write(head.Append("\n"));
        WriteImages(console);
        WriteComponents(console);
        if (OtherSteps().ToList() is { Count: > 0 } others)
            WriteOthers(console, others);
        console.Write(new Text($"\n{Sum()}\n", StateStyle.Strong));
    }

    private void WriteImages(IAnsiConsole console)
    {
        var images = preview.Images.Images.Where(i => i.Action != ImageAction.None).ToList();
        if (images.Count == 0)
            return;
        var text = new Paragraph("\n");
        foreach (var image in images)
        {
            text.Append("* ", StateStyle.Good).Append(image.Image, StateStyle.Strong).Append(": " + ImageText.Of(image.Action));
            if (image.Reason.Length > 0)
                text.Append($" ({image.Reason})", StateStyle.Off);
            text.Append("\n");
        }
        console.Write(text);
    }

    private void WriteComponents(IAnsiConsole console)
    {
        var nameWidth = Plan.Components.Select(c => c.Component.Length).DefaultIfEmpty().Max();
        var indent = 2 + nameWidth + Gap;
        foreach (var (component, index) in Plan.Components.Select((c, i) => (c, i)))
        {
            var unchanged = component.Change == ComponentChange.Unchanged;
            var text = new Paragraph();
            // A block stands alone; lines that say nothing has happened stay together.
            if (preview.HasChanges && (!unchanged || index == 0 || Plan.Components[index - 1].Change != ComponentChange.Unchanged))
                text.Append("\n");
            text.Append(ComponentPlanLine.Mark(component.Change) + " ", ComponentPlanLine.Style(component.Change))
                .Append(component.Component.PadRight(nameWidth + Gap), unchanged ? StateStyle.Off : StateStyle.Strong);
            var lines = WrappedText.Prose(OperationText.Of(component), width, indent).ToList();
            text.Append(lines.FirstOrDefault("") + "\n", unchanged ? StateStyle.Off : Style.Plain);
            text.AppendIndented(lines.Skip(1), indent, Style.Plain);
            if (OperationText.Strategy(component) is { Length: > 0 } strategy)
                text.AppendIndented(WrappedText.Prose(strategy, width, indent), indent, Style.Plain);
            if (component.RunLine.Length > 0)
                text.AppendIndented(WrappedText.Command(component.RunLine, width, indent, AgentLabels), indent, StateStyle.Off);
            console.Write(text);
        }
    }

    private void WriteOthers(IAnsiConsole console, List<StepSummary> steps)
    {
        var text = new Paragraph("\n");
        foreach (var step in steps)
            text.AppendIndented(
                WrappedText.Prose(step.Description + (step.Reason.Length > 0 ? $" ({step.Reason})" : ""), width, 2), 2, Style.Plain);
        console.Write(text);
    }

    /// <summary>What is done though every component is said to stay as it is: leftovers removed, a new definition recorded.</summary>
    private IEnumerable<StepSummary> OtherSteps() =>
        Plan.Components.Any(c => c.Change != ComponentChange.Unchanged) ? [] : Plan.Steps;

    private string Sum()
    {
        var images = preview.Images.Images.Where(i => i.Action != ImageAction.None)
            .GroupBy(i => i.Action).OrderBy(g => g.Key)
            .Select(g => Count(g.Count(), g.Count() == 1 ? "image" : "images") + " to " + ImageText.Of(g.Key));
        var changed = Plan.Components.Where(c => c.Change != ComponentChange.Unchanged)
            .GroupBy(c => c.Change).OrderBy(g => g.Key).Select(g => Count(g.Count(), "to " + OperationText.Of(g.Key)));
        var unchanged = Plan.Components.Count(c => c.Change == ComponentChange.Unchanged);
        return string.Join(", ", images.Concat(changed).Concat(unchanged > 0 ? [Count(unchanged, "unchanged")] : [])) +
            "; nothing was changed yet";
    }

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}");
}
