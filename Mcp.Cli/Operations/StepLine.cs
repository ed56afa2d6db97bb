using Mcp.Cli.Output;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Operations;

/// <summary>A finished step as a line: what, for which component, how long, why.</summary>
internal static class StepLine
{
    /// <param name="mark">A symbol or a word for the state.</param>
    public static Paragraph Of(OperationStep step, OperationState operation, string mark)
    {
        var width = operation.Steps.Select(s => s.Summary.Component.Length).DefaultIfEmpty().Max();
        var line = new Paragraph().Append(mark, StateStyle.Of(step.State ?? StepState.Running));
        if (width > 0)
            line.Append(" ").Append(step.Summary.Component.PadRight(width), StateStyle.Off);
        line.Append(" ").Append(step.Summary.Description);
        if (step.Summary.Reason.Length > 0)
            line.Append($" ({step.Summary.Reason})", StateStyle.Off);
        if (step.State is StepState.Done or StepState.Failed && step.Elapsed >= TimeSpan.FromMilliseconds(50))
            line.Append(" " + RelativeTime.Elapsed(step.Elapsed), StateStyle.Off);
        if (step.Message.Length > 0)
            line.Append(": " + step.Message, step.State == StepState.Failed ? StateStyle.Bad : StateStyle.Off);
        return line.Append("\n");
    }
}
