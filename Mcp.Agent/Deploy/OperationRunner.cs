using Mcp.Agent.Deploy.Journal;
using Mcp.Agent.Events;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Operations;
using Mcp.Core.Status;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>Runs what was drafted, from the journal's first entry to its last: plan reported, steps carried out, outcome stored with release, audit and event.</summary>
internal sealed class OperationRunner(
    PlanExecutor executor, OperationJournal journal, ReleaseRetention retention, StatusReader status, EventLog events, IContainerRuntime runtime, TimeProvider time, ILogger<OperationRunner> log)
{
    /// <summary>Something is left to do once the engine or the disk allows it.</summary>
    public event Action? LeftUnfinished;

    /// <summary>Journals what is going to be done, and returns what does it. What goes wrong here, with nothing touched, goes to the caller.</summary>
    public async Task<Func<CancellationToken, Task<OperationEnded>>> BeginAsync(Operation operation, OperationDraft draft, CancellationToken cancellationToken)
    {
        operation.Publish(await DescribeAsync(operation, draft, cancellationToken));
        journal.Plan(operation.Id, draft.Plan.Steps, draft.Release);
        return token => RunAsync(operation, draft, token);
    }

    public async Task<OperationPlanned> DescribeAsync(Operation operation, OperationDraft draft, CancellationToken cancellationToken)
    {
        var engine = await runtime.GetNameAsync(cancellationToken);
        return new(operation.Id, time.GetUtcNow(), draft.Plan.Kind, draft.Plan.Service, draft.Plan.Steps.Select(s => s.Summarize(engine)).ToValueList(), draft.Plan.Warnings)
        {
            Components = draft.Plan.DescribeComponents(engine),
            Release = draft.Release?.Number,
            RollbackOf = draft.RollbackOf,
        };
    }

    /// <summary>Stores how an operation ended, wherever that was decided. Best effort: the outcome stands, whether the database takes it or not.</summary>
    /// <returns>False when the database did not take it: the operation stays open, and is looked at again.</returns>
    public bool Close(Operation operation, OperationEnding ending, bool quiet)
    {
        try
        {
            journal.Close(operation, ending);
        }
        catch (AgentException e)
        {
            log.LogError(e, "The registry database did not take the end of operation {Operation}: {Outcome}", operation.Id, ending.Outcome);
            return false;
        }
        if (!quiet)
            Tell(operation, new(EventOf(operation.Kind, ending.Outcome), ending.Message, operation.Service, Actor: operation.Actor));
        return true;
    }

    private void Explain(Operation operation, string failure)
    {
        try
        {
            journal.Explain(operation.Id, failure);
        }
        catch (AgentException e)
        {
            log.LogError(e, "The registry database did not take why operation {Operation} failed: {Failure}", operation.Id, failure);
        }
    }

    /// <summary>An operation has ended whether its event is stored or not.</summary>
    private void Tell(Operation operation, AgentEvent happened)
    {
        try
        {
            events.Append(happened);
        }
        catch (AgentException e)
        {
            log.LogError(e, "The registry database did not take the event of operation {Operation}", operation.Id);
        }
    }

    private async Task<OperationEnded> RunAsync(Operation operation, OperationDraft draft, CancellationToken cancellationToken)
    {
        using (draft)
            return await EndAsync(operation, draft, await executor.ExecuteAsync(operation, draft, cancellationToken), cancellationToken);
    }

    private async Task<OperationEnded> EndAsync(Operation operation, OperationDraft draft, ExecutionResult result, CancellationToken cancellationToken)
    {
        var notes = string.Join("; ", result.Notes);
        var (message, brief, remedy, id) = result.Error is null ? (notes, notes, "", "") : Failure.Describe(result);
        if (result.Outcome == OperationOutcome.Succeeded && draft.Release is { } release)
            await retention.ApplyAsync(release, cancellationToken);
        // What is left is the recovery's; the journal keeps the operation open for it.
        var closed = !result.Unfinished && Close(operation, new(result.Outcome, message) { Brief = brief }, quiet: draft.Plan.IsEmpty);
        if (!closed)
        {
            if (result.Error is not null)
                Explain(operation, brief);
            LeftUnfinished?.Invoke();
        }
        var now = time.GetUtcNow();
        return new(operation.Id, now, result.Outcome, message, remedy, id, await status.ComponentsAfterAsync(draft.Plan), now - operation.StartedAt);
    }

    private static string EventOf(OperationKind kind, OperationOutcome outcome)
    {
        var done = kind switch
        {
            OperationKind.Deploy => EventKinds.Deployed,
            OperationKind.Rollback => EventKinds.RolledBack,
            OperationKind.Undeploy => EventKinds.Undeployed,
            OperationKind.Start => EventKinds.Started,
            OperationKind.Stop => EventKinds.Stopped,
            _ => EventKinds.Restarted,
        };
        return outcome == OperationOutcome.Succeeded ? done : kind.ToString().ToLowerInvariant() + "-failed";
    }
}
