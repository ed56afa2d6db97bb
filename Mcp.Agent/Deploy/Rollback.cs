using System.Collections.Concurrent;
using Mcp.Core.Containers;
using Mcp.Core.Planning;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>Something that could not be taken back.</summary>
internal sealed record RollbackFailure(PlanStep Step, string Note, Exception Error);

/// <summary>Takes back what was begun of an operation, whether the agent that began it is this one or was killed: each step after all that was
/// built on it, otherwise side by side. What can't be taken back does not keep the rest from it.</summary>
internal sealed class Rollback(StepUndo undo, ILogger<Rollback> log)
{
    /// <param name="begun">Steps that may have left something.</param>
    /// <param name="reverted">Told of each step that was taken back.</param>
    /// <returns>What could not be taken back; empty when all was.</returns>
    public async Task<IReadOnlyList<RollbackFailure>> RunAsync(
        string service, string operationId, IReadOnlyCollection<PlanStep> begun, Action<PlanStep, TimeSpan>? reverted, TimeProvider time, CancellationToken cancellationToken)
    {
        var failures = await RoundAsync(service, operationId, begun, reverted, time, cancellationToken);
        // What one step had in its way, another one may have removed since: a host port that the new container still held, a name.
        return failures.Count == 0 || failures.Any(f => f.Error is EngineException { Error: EngineError.Unreachable })
            ? failures
            : await RoundAsync(service, operationId, [.. failures.Select(f => f.Step)], reverted, time, cancellationToken);
    }

    private async Task<IReadOnlyList<RollbackFailure>> RoundAsync(
        string service, string operationId, IReadOnlyCollection<PlanStep> begun, Action<PlanStep, TimeSpan>? reverted, TimeProvider time, CancellationToken cancellationToken)
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
                if (!await undo.UndoAsync(service, operationId, step, cancellationToken))
                    return;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                log.LogError(e, "Undoing step {Step} of operation {Operation} failed", step.Description, operationId);
                failures.Enqueue(new(step, $"taking back '{step.Description}' failed: {e.Message}", e));
                return;
            }
            // The journal is not told: taking a step back once more, after a crash, does no harm, and what ran before must not wait for a disk or a lock.
            reverted?.Invoke(step, time.GetElapsedTime(started));
        }
    }
}
