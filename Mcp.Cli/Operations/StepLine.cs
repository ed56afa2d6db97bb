using Mcp.Cli.Output;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Operations;

/// <summary>How one step of a plan reads: what, for which component, how long, why.</summary>
internal sealed class StepLine
{
    private readonly Dictionary<int, StepSummary> _steps;
    private readonly int _componentWidth;

    public StepLine(OperationPlanned plan)
    {
        _steps = plan.Steps.ToDictionary(s => s.Index);
        _componentWidth = plan.Steps.Select(s => s.Component.Length).DefaultIfEmpty().Max();
    }

    public static bool IsFinal(StepState state) => state != StepState.Running;

    public string Component(StepProgressed progress) => Of(progress).Component.PadRight(_componentWidth);

    public string Running(StepProgressed progress, TimeSpan elapsed)
    {
        var step = Of(progress);
        var component = step.Component.Length > 0 ? step.Component + ": " : "";
        var message = progress.Message.Length > 0 ? ", " + progress.Message : "";
        return $"{component}{step.Description}{message} {(elapsed >= TimeSpan.FromSeconds(1) ? RelativeTime.Elapsed(elapsed) : "")}".TrimEnd();
    }

    /// <param name="mark">A symbol or a word for the state.</param>
    public Paragraph Finished(StepProgressed progress, string mark)
    {
        var step = Of(progress);
        var line = new Paragraph().Append(mark, StateStyle.Of(progress.State));
        if (_componentWidth > 0)
            line.Append(" ").Append(Component(progress), StateStyle.Off);
        line.Append(" ").Append(step.Description);
        if (step.Reason.Length > 0)
            line.Append($" ({step.Reason})", StateStyle.Off);
        if (progress.State is StepState.Done or StepState.Failed && progress.Elapsed >= TimeSpan.FromMilliseconds(50))
            line.Append(" " + RelativeTime.Elapsed(progress.Elapsed), StateStyle.Off);
        if (progress.Message.Length > 0)
            line.Append(": " + progress.Message, progress.State == StepState.Failed ? StateStyle.Bad : StateStyle.Off);
        return line.Append("\n");
    }

    private StepSummary Of(StepProgressed progress) =>
        _steps.TryGetValue(progress.Index, out var step) ? step : new(progress.Index, "", "", $"step {progress.Index}", "", "");
}
