using System.Collections.Concurrent;
using Mcp.Core.Containers;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>A step that could not be rolled back.</summary>
internal sealed record RollbackFailure(PlanStep Step, string Note, Exception Error);

/// <summary>Rolls back the steps that were begun of an operation, whether by this agent or by one that was killed: each step after all that
/// were built on it, otherwise in parallel. A step that can't be rolled back does not prevent others.</summary>
internal sealed class Rollback(StepUndo undo, TimeProvider time, ILogger<Rollback> log)
{
    /// <param name="begun">Steps that may have left something.</param>
    /// <returns>What could not be rolled back; empty when all was.</returns>
    public async Task<IReadOnlyList<RollbackFailure>> RunAsync(
        Operation operation, IReadOnlyCollection<PlanStep> begun, CancellationToken cancellationToken)
    {
        var failures = await RoundAsync(operation, begun, cancellationToken);
        // What one step had in its way, another one may have removed since: a host port that the new container still held, a name.
        return failures.Count == 0 || failures.Any(f => f.Error is EngineException { Error: EngineError.Unreachable })
            ? failures
            : await RoundAsync(operation, [.. failures.Select(f => f.Step)], cancellationToken);
    }

    private async Task<IReadOnlyList<RollbackFailure>> RoundAsync(
        Operation operation, IReadOnlyCollection<PlanStep> begun, CancellationToken cancellationToken)
    {
        var failures = new ConcurrentQueue<RollbackFailure>();
        var running = new Dictionary<int, Task>();
        // Later steps first: those that a step waits for have all been begun by then.
        foreach (var step in begun.OrderByDescending(s => s.Index))
            _ = TaskOf(step);
        await Task.WhenAll(running.Values);
        return [.. failures];

        Task TaskOf(PlanStep step)
        {
            if (running.TryGetValue(step.Index, out var known))
                return known;
            var before = begun.Where(s => s.After.Contains(step.Index)).Select(TaskOf).ToList();
            return running[step.Index] = UndoAsync(step, before);
        }

        async Task UndoAsync(PlanStep step, List<Task> before)
        {
            await Task.WhenAll(before);
            var started = time.GetTimestamp();
            try
            {
                if (!await undo.UndoAsync(operation.Service, operation.Id, step, cancellationToken))
                    return;
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
