using System.Collections.Concurrent;
using Mcp.Core.Containers;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>A step that could not be rolled back.</summary>
internal sealed record RollbackFailure(PlanStep Step, string Note, Exception Error);

/// <param name="Failures">What could not be rolled back; empty when all was.</param>
/// <param name="Changed">Some step had left something.</param>
internal sealed record RollbackResult(IReadOnlyList<RollbackFailure> Failures, bool Changed);

/// <summary>Rolls back the steps that were begun of an operation, whether by this agent or by one that was killed: each step after all that
/// were built on it, otherwise in parallel. A step that can't be rolled back does not prevent others.</summary>
internal sealed class Rollback(StepUndo undo, EngineSlots slots, TimeProvider time, ILogger<Rollback> log)
{
    /// <param name="begun">Steps that may have left something.</param>
    public async Task<RollbackResult> RunAsync(
        Operation operation, IReadOnlyCollection<PlanStep> begun, CancellationToken cancellationToken)
    {
        var first = await RoundAsync(operation, begun, cancellationToken);
        // What one step had in its way, another one may have removed since: a host port that the new container still held, a name.
        if (first.Failures.Count == 0 || first.Failures.Any(f => f.Error is EngineException { Error: EngineError.Unreachable }))
            return first;
        var second = await RoundAsync(operation, [.. first.Failures.Select(f => f.Step)], cancellationToken);
        return second with { Changed = first.Changed || second.Changed };
    }

    private async Task<RollbackResult> RoundAsync(
        Operation operation, IReadOnlyCollection<PlanStep> begun, CancellationToken cancellationToken)
    {
        var failures = new ConcurrentQueue<RollbackFailure>();
        var running = new Dictionary<int, Task>();
        var followers = begun.SelectMany(s => s.After, (step, before) => (step, before)).ToLookup(p => p.before, p => p.step);
        var changed = false;
        // Later steps first: those that a step waits for have all been begun by then.
        foreach (var step in begun.OrderByDescending(s => s.Index))
            _ = TaskOf(step);
        await Task.WhenAll(running.Values);
        return new([.. failures], changed);

        Task TaskOf(PlanStep step)
        {
            if (running.TryGetValue(step.Index, out var known))
                return known;
            return running[step.Index] = UndoAsync(step, [.. followers[step.Index].Select(TaskOf)]);
        }

        async Task UndoAsync(PlanStep step, List<Task> before)
        {
            await Task.WhenAll(before);
            using var slot = await slots.EnterAsync(step);
            var started = time.GetTimestamp();
            try
            {
                var outcome = await undo.UndoAsync(operation.Service, operation.Id, step, cancellationToken);
                if (outcome == UndoOutcome.None)
                    return;
                if (outcome == UndoOutcome.Undone)
                    changed = true;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                log.LogError(e, "Step {Step} of operation {Operation} could not be rolled back", step.Description, operation.Id);
                failures.Enqueue(new(step, $"rolling back '{step.Description}' failed: {e.Message}", e));
                return;
            }
            // The journal is not told: rolling a step back once more, after a crash, does no harm, and the previous version must not wait
            // for a disk or a lock.
            if (operation.Planned is not null)
                operation.Publish(new StepProgressed(
                    operation.Id, time.GetUtcNow(), step.Index, StepState.RolledBack, "", time.GetElapsedTime(started)));
        }
    }
}
