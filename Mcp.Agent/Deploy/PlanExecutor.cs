using Mcp.Agent.Deploy.Journal;
using Mcp.Core.Containers;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>How a plan's run ended; the error is null on success.</summary>
/// <param name="Unfinished">Something could not be rolled back or cleaned up for the time being; the recovery does it.</param>
internal sealed record ExecutionResult(OperationOutcome Outcome, Exception? Error, IReadOnlyList<string> Notes, bool Unfinished)
{
    /// <summary>The service's containers as the plan left them; null: the engine is to be asked.</summary>
    public IReadOnlyList<ContainerInfo>? Left { get; init; }
}

/// <summary>Carries out a plan, and rolls it back when a step before the record fails.</summary>
internal sealed class PlanExecutor(
    StepRunner steps, EngineSlots slots, RouteTable routes, OperationJournal journal, Rollback rollback, StepHook hook, TimeProvider time,
        ILogger<PlanExecutor> log)
{
    public async Task<ExecutionResult> ExecuteAsync(Operation operation, PlannedOperation planned, CancellationToken cancellationToken)
    {
        using var run = new PlanRun(operation, planned, steps, slots, routes, journal, hook, time, log, cancellationToken);
        await run.RunAsync();
        if (run.Error is not { } error)
            return new(OperationOutcome.Succeeded, null, run.Notes, run.CleanupFailed)
            {
                Left = run.Left,
            };

        // Only a deploy has a previous version to go back to; of the others, no more than containers that they created is removed, unless
        // a person wants all taken back.
        var cancelled = operation.CancelledBy is not null;
        var takesBack = cancelled || planned.Plan.Kind is OperationKind.Deploy or OperationKind.Rollback;
        var begun = run.Begun.Where(s => takesBack || s.Action == StepAction.Create).ToList();
        var (failures, _) = await rollback.RunAsync(operation, begun, CancellationToken.None);
        List<string> notes = [.. failures.Select(f => f.Note)];
        if (begun.Any(s => s.Action == StepAction.Remove))
            notes.Add("what was removed before is not there again: deploy it");
        var outcome = takesBack && notes.Count == 0 ? OperationOutcome.RolledBack : OperationOutcome.Failed;
        return new(outcome, cancelled ? new CancelledException(operation.CancelledBy!) : error, notes, failures.Count > 0);
    }
}
