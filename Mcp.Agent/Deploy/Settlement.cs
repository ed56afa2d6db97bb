using System.Runtime.ExceptionServices;
using Mcp.Agent.Deploy.Journal;
using Mcp.Agent.Registry;
using Mcp.Core.Containers;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>Settles an operation that did not end: a deploy that was recorded is finished, one that was not is rolled back; start, stop,
/// restart and undeploy are resumed.</summary>
internal sealed class Settlement(
    OperationPlanner planner, OperationJournal journal, PlanExecutor executor, Rollback rollback, StepUndo undo, RouteTable routes,
        OperationClosing closing, ServiceStore services,
    TimeProvider time, ILogger<Settlement> log)
{
    private const string Unsettled = "unsettled";
    private const string Interrupted = "the agent was interrupted";
    private const string Finished = $"{Interrupted}; the operation was resumed and finished";
    private const string ResumingFailed = $"{Interrupted}; resuming the operation failed: ";

    /// <summary>It is still open, and is to be settled later.</summary>
    public static bool IsUnsettled(OperationEnded ended) => ended.ErrorId == Unsettled;

    /// <param name="isLastTry">What fails for another reason than an engine or a database that can't be used now is given up, and left to
    /// the next deploy.</param>
    public async Task<OperationEnded> SettleAsync(
        Operation operation, OpenOperation open, bool isLastTry, CancellationToken cancellationToken)
    {
        log.LogWarning("Operation {Operation} ({Kind} of {Service} by {Actor}) did not end and is settled now", open.Id, open.Kind,
            open.Service, open.Actor);
        OperationEnding ending;
        try
        {
            var deploys = open.Kind is OperationKind.Deploy or OperationKind.Rollback;
            ending = open.Recorded ? await FinishAsync(open, cancellationToken)
                : deploys ? await RollBackAsync(operation, open, cancellationToken)
                : await ResumeAsync(operation, cancellationToken);
        }
        catch (Exception e)
        {
            log.LogError(e, "Operation {Operation} on {Service} can't be settled now", open.Id, open.Service);
            if (!isLastTry || IsPassing(e))
            {
                return Ended(
                    operation, OperationOutcome.Failed,
                        $"operation {open.Id} on {open.Service} was interrupted and can't be settled yet: {e.Message}", Unsettled,
                    e is EngineException engine ? engine.Remedy : "see the agent's log, and wait: the agent tries again");
            }
            ending = new(OperationOutcome.Failed, $"{CauseOf(open)}; settling it failed: {e.Message}");
        }
        if (!closing.Close(operation, ending, idle: false))
            return Ended(operation, OperationOutcome.Failed,
                $"operation {open.Id} on {open.Service} was settled, but its outcome could not be stored", Unsettled,
                "see the agent's log about the registry database");
        log.LogWarning("{Service}: {Message}", open.Service, ending.Message);
        var id = ending.Outcome == OperationOutcome.Succeeded ? "" : "interrupted";
        return Ended(operation, ending.Outcome, ending.Message, id, "see `mcp status`, and deploy again");
    }

    private static bool IsPassing(Exception e) => e switch
    {
        EngineException engine => engine.Error == EngineError.Unreachable,
        AgentException agent => agent.Error is AgentError.RegistryLocked or AgentError.RegistryDiskFull or AgentError.RegistryReadOnly,
        _ => e is OperationCanceledException,
    };

    private static string CauseOf(OpenOperation open) => open.Failure.Length > 0 ? open.Failure : Interrupted;

    private async Task<OperationEnding> RollBackAsync(Operation operation, OpenOperation open, CancellationToken cancellationToken)
    {
        var (failures, changed) = await rollback.RunAsync(operation, MarkedSteps.MayHaveBegun(open), cancellationToken);
        if (failures.Count > 0)
            ExceptionDispatchInfo.Throw((failures.FirstOrDefault(f => IsPassing(f.Error)) ?? failures[0]).Error);
        var restored = !changed ? "nothing had been changed"
            : services.Find(open.Service) is null ? "rolled back: nothing was running before"
            : "the previous version was restored";
        return new(OperationOutcome.RolledBack, $"{CauseOf(open)}; {restored}");
    }

    private async Task<OperationEnding> FinishAsync(OpenOperation open, CancellationToken cancellationToken)
    {
        await routes.ApplyStoredAsync(open.Service, cancellationToken);
        if (open.Kind is not (OperationKind.Deploy or OperationKind.Rollback))
            return new(OperationOutcome.Succeeded, Interrupted);
        foreach (var (step, _) in open.Steps.SkipWhile(s => s.Step.Action != StepAction.Record).Where(s => s.State != JournalState.Skipped))
            await undo.FinishAsync(step, cancellationToken);
        return new(OperationOutcome.Succeeded, Finished);
    }

    private async Task<OperationEnding> ResumeAsync(Operation operation, CancellationToken cancellationToken)
    {
        PlannedOperation left;
        try
        {
            left = await planner.PlanAsync(
                operation, new(operation.Kind, operation.Service, operation.Component, operation.Caller), holdPorts: false,
                cancellationToken);
        }
        catch (AgentException e) when (e.Error == AgentError.NotFound && operation.Kind == OperationKind.Undeploy)
        {
            return new(OperationOutcome.Succeeded, $"{Interrupted}; nothing was left to do");
        }
        using var planned = left;
        journal.Replan(operation.Id, planned.Plan.Steps);
        var result = await executor.ExecuteAsync(operation, planned, cancellationToken);
        if (result.Error is { } error && IsPassing(error))
            ExceptionDispatchInfo.Throw(error);
        if (result.Error is null)
            return new(OperationOutcome.Succeeded, Finished);
        var (message, brief, _, _) = Failure.Describe(result);
        return new(result.Outcome, ResumingFailed + message) { Brief = ResumingFailed + brief };
    }

    private OperationEnded Ended(Operation operation, OperationOutcome outcome, string message, string id, string remedy) =>
        new(operation.Id, time.GetUtcNow(), outcome, message, id.Length == 0 ? "" : remedy, id, [], time.GetUtcNow() - operation.StartedAt);
}
