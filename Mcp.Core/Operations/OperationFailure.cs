using Mcp.Core.Collections;

namespace Mcp.Core.Operations;

/// <summary>Why an operation did not succeed.</summary>
/// <param name="Id">Stable, kebab-case.</param>
/// <param name="Message">What failed, and what became of the previous version.
/// It can have several lines: a container's log tail is part of it.</param>
/// <param name="Remedy">What to do next.</param>
public sealed record OperationFailure(string Id, string Message, string Remedy)
{
    /// <summary>The agent went away in the middle of its answer.</summary>
    public static readonly OperationFailure NoResult =
        new("no-result", "the operation ended without a result", "see the agent's log on the node");

    /// <summary>The last lines of a failed container's log; empty when there are none.</summary>
    public ValueList<string> LogTail { get; init; } = [];

    internal static OperationFailure? Of(OperationState state) => state.End switch
    {
        null => NoResult,
        { Outcome: OperationOutcome.Succeeded } => null,
        var end => new(end.ErrorId.Length > 0 ? end.ErrorId : "operation-failed", Describe(end, state.Plan), end.Remedy)
        {
            LogTail = end.Message.TrimEnd().Split('\n').Skip(1).Select(l => l.Trim()).ToValueList(),
        },
    };

    /// <summary>The first line of a message, without "; its last lines:", which announces the log tail.</summary>
    public static string FirstLine(string message)
    {
        var line = message.Split('\n')[0].Trim();
        return line.EndsWith(':') && line.LastIndexOf(';') is > 0 and var announced ? line[..announced] : line;
    }

    private static string Describe(OperationEnded end, OperationPlanned? plan)
    {
        var said = end.Message.Length > 0 ? end.Message.TrimEnd('.') : "the operation failed";
        // An agent that was interrupted says itself what it has restored.
        if (end.Outcome != OperationOutcome.RolledBack || end.ErrorId == "interrupted")
            return said;
        // Never behind a container's last line, as if the container had said so.
        return said + (said.Contains('\n', StringComparison.Ordinal) ? "\n" : "; ") + Restored(plan);
    }

    private static string Restored(OperationPlanned? plan) =>
        plan is { Components.Count: > 0 } && plan.Components.All(c => c.Change is ComponentChange.Create or ComponentChange.Run)
            ? "rolled back: nothing was running before"
            : "the previous version was restored";
}
