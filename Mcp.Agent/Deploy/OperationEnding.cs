using Mcp.Core.Operations;

namespace Mcp.Agent.Deploy;

/// <summary>How an operation ended, as it is stored.</summary>
/// <param name="Message">All there is to say.</param>
internal sealed record OperationEnding(OperationOutcome Outcome, string Message)
{
    /// <summary>The same for the audit, which keeps for good: without what a container said.</summary>
    public string Brief { get; init; } = Message;
}
