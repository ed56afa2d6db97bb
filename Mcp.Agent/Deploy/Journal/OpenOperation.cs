using Mcp.Agent.Auth;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy.Journal;

/// <summary>An operation that the journal knows the begin of, but not the end: it has its service.</summary>
/// <param name="Caller">Who asked for it, for the audit.</param>
/// <param name="Recorded">Its new state is stored: there is no way back, only cleaning up.</param>
/// <param name="Failure">Why it failed, when its agent knew that and could not take it back; else empty.</param>
/// <param name="Steps">Those that were planned; no more of each than taking back and finishing need.</param>
internal sealed record OpenOperation(
    string Id, OperationKind Kind, string Service, string? Component, Caller Caller, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt, bool Recorded,
    string Failure, ValueList<JournalStep> Steps)
{
    /// <summary>Name of the token that asked for it.</summary>
    public string Actor => Caller.Name;
}

/// <param name="Step">As planned, without what goes into a container.</param>
internal sealed record JournalStep(PlanStep Step, JournalState State);

internal enum JournalState
{
    /// <summary>Not begun: it left nothing.</summary>
    Planned,

    /// <summary>May have done all of its work, or some, or none.</summary>
    Begun,

    Done,

    /// <summary>Not wanted after all: the pulled image turned out to be the one that runs.</summary>
    Skipped,
}
