using Mcp.Agent.Deploy.Journal;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>How a plan's run ended; the error is null on success.</summary>
/// <param name="Unfinished">Something could not be taken back or cleaned up, as it seems for the time being; the recovery goes on with it.</param>
internal sealed record ExecutionResult(OperationOutcome Outcome, Exception? Error, IReadOnlyList<string> Notes, bool Unfinished);

/// <summary>What was done of a plan when it is recorded.</summary>
/// <param name="Pulled">What the pulls brought.</param>
/// <param name="Replaced">The components that got a new container.</param>
internal sealed record Executed(IReadOnlyCollection<DeployedImage> Pulled, IReadOnlySet<string> Replaced);

/// <summary>Carries out a plan, and takes it back when a step fails.</summary>
internal sealed class PlanExecutor(StepRunner steps, RouteTable routes, OperationJournal journal, Rollback rollback, StepHook hook, TimeProvider time, ILogger<PlanExecutor> log)
{
    public async Task<ExecutionResult> ExecuteAsync(Operation operation, OperationDraft draft, CancellationToken cancellationToken)
    {
        var plan = draft.Plan;
        using var run = new PlanRun(operation, plan, Record, steps, routes, journal, hook, time, log, cancellationToken);
        await run.RunAsync();
        if (run.Error is not { } error)
            return new(OperationOutcome.Succeeded, null, run.Notes, run.CleanupFailed);

        var deploys = plan.Kind is OperationKind.Deploy or OperationKind.Rollback;
        // Only a deploy has something to go back to; of the others, no more than containers that they made is taken back.
        var begun = run.Begun.Where(s => deploys || s.Action == StepAction.Create).ToList();
        var failures = await rollback.RunAsync(
            plan.Service, operation.Id, begun, (step, elapsed) => operation.Publish(new StepProgressed(operation.Id, time.GetUtcNow(), step.Index, StepState.Reverted, "", elapsed)), time, CancellationToken.None);
        return new(
            deploys && failures.Count == 0 ? OperationOutcome.RolledBack : OperationOutcome.Failed, error, [.. failures.Select(f => f.Note)], failures.Count > 0);

        // The point of no return.
        void Record(Executed executed) => journal.Record(operation.Id, draft.Change(executed));
    }
}
