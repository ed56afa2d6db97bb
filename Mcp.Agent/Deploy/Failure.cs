using System.Text;
using Mcp.Core.Containers;

namespace Mcp.Agent.Deploy;

/// <summary>A person cancelled the operation.</summary>
internal sealed class CancelledException(string by) : Exception($"cancelled by {by}");

/// <summary>What people are told when an operation failed.</summary>
internal static class Failure
{
    /// <returns>Of a success only what there is to know of it. Brief is the message without what a container said.</returns>
    public static (string Message, string Brief, string Remedy, string Id) Describe(ExecutionResult result)
    {
        var notes = string.Join("; ", result.Notes);
        if (result.Error is null)
            return (notes, notes, "", "");
        var (message, remedy, id) = result.Error switch
        {
            AgentException e => (e.Message, e.Remedy, e.Id),
            EngineException e => (e.Message, e.Remedy, ErrorIds.Of(e.Error)),
            CancelledException e => (e.Message, "", "cancelled"),
            OperationCanceledException => ("the agent is being stopped", "start the agent and try again", "cancelled"),
            var e => ($"the agent failed: {e.Message}", "see the agent's log", "internal"),
        };
        var text = new StringBuilder(message);
        foreach (var note in result.Notes)
            text.Append("\nand ").Append(note);
        return (text.ToString(), result.Error is AgentException known ? known.Brief : message, remedy, id);
    }
}
