using Mcp.Agent.Auth;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy.Journal;

/// <summary>An operation whose end the journal does not have: it has its service.</summary>
/// <param name="Caller">Who began it, for the audit.</param>
/// <param name="Recorded">Its new state is stored: it can't be rolled back, only finished.</param>
/// <param name="Failure">Why it failed, when its agent knew that and could not roll it back; else empty.</param>
internal sealed record OpenOperation(
    string Id, OperationKind Kind, string Service, string? Component, Caller Caller, DateTimeOffset StartedAt, bool Recorded,
        string Failure, ValueList<JournalStep> Steps)
{
    /// <summary>Name of the token that began it.</summary>
    public string Actor => Caller.Name;

    /// <summary>To be settled, which can't be cancelled.</summary>
    public Operation ToOperation()
    {
        var operation = new Operation(Id, Kind, Service, Component, Caller, StartedAt);
        operation.Commit();
        return operation;
    }
}

/// <param name="Step">As planned, without <see cref="PlanStep.Spec"/> and <see cref="PlanStep.Health"/>.</param>
internal sealed record JournalStep(PlanStep Step, JournalState State);

internal enum JournalState
{
    /// <summary>Not begun; or one of those that are not marked (<see cref="MarkedSteps"/>), of which the engine tells.</summary>
    Planned,

    /// <summary>May have done all of its work, or some, or none.</summary>
    Begun,

    /// <summary>As agents before this one marked it; for what comes after a crash it is no other than begun.</summary>
    Done,

    /// <summary>Not needed after all: the pulled image turned out to be the one that runs.</summary>
    Skipped,
}
