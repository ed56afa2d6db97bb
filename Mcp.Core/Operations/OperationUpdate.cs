using Mcp.Core.Collections;
using Mcp.Core.Status;

namespace Mcp.Core.Operations;

/// <summary>What an operation reports while it runs: first its plan, then its steps, last its result.</summary>
public abstract record OperationUpdate(string OperationId, DateTimeOffset At);

public sealed record OperationPlanned(
    string OperationId, DateTimeOffset At, OperationKind Kind, string Service, ValueList<StepSummary> Steps, ValueList<string> Warnings)
    : OperationUpdate(OperationId, At)
{
    /// <summary>Step by step is for machines; this is what people want to know.</summary>
    public ValueList<ComponentPlan> Components { get; init; } = [];

    /// <summary>The number that the deploy gets; null: it makes no release.</summary>
    public int? Release { get; init; }

    /// <summary>The release that is deployed again; null: none.</summary>
    public int? RollbackOf { get; init; }
}

/// <summary>Another operation has the service locked, and the caller waits for it.
/// Comes before all others, with no operation id: there is none yet.</summary>
/// <param name="Actor">Who began that operation: name of the token.</param>
/// <param name="Holder">That operation's id.</param>
public sealed record OperationWaiting(DateTimeOffset At, string Actor, OperationKind Kind, string Holder, DateTimeOffset Since)
    : OperationUpdate("", At);

public sealed record StepProgressed(string OperationId, DateTimeOffset At, int Index, StepState State, string Message, TimeSpan Elapsed)
    : OperationUpdate(OperationId, At);

/// <param name="Message">What failed, with what; empty on success.</param>
/// <param name="Remedy">What to do next; empty on success.</param>
/// <param name="ErrorId">Stable, kebab-case; empty on success.</param>
public sealed record OperationEnded(
    string OperationId, DateTimeOffset At, OperationOutcome Outcome, string Message, string Remedy, string ErrorId,
    ValueList<ComponentStatus> Components, TimeSpan Elapsed)
    : OperationUpdate(OperationId, At);

/// <summary>A plan's step as people see it.</summary>
/// <param name="Action">pull, create, start, ... (the actions of a plan), lower case.</param>
/// <param name="RunLine">The equivalent `podman run`, environment values hidden; empty on steps that create nothing.</param>
public sealed record StepSummary(int Index, string Component, string Action, string Description, string Reason, string RunLine)
{
    /// <summary>The steps that have to be done before; the others may run in parallel.</summary>
    public ValueList<int> After { get; init; } = [];
}

public enum OperationKind
{
    Deploy,
    Undeploy,
    Start,
    Stop,
    Restart,
    Rollback,
}

public enum StepState
{
    Running,
    Done,
    Failed,
    Skipped,
    RolledBack,
}

public enum OperationOutcome
{
    Succeeded,

    /// <summary>The previous version could not be restored in full; the message says what is left.</summary>
    Failed,

    /// <summary>Failed, and the previous version was restored.</summary>
    RolledBack,
}
