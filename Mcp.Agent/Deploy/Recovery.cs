using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Mcp.Agent.Deploy.Journal;
using Mcp.Core.Containers;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>Finishes or takes back what operations have left: those of an agent that was killed, and those that an engine or a disk did not let end.
/// A deploy that was recorded is finished, one that was not is taken back; start, stop, restart and undeploy are gone on with.</summary>
internal sealed class Recovery : BackgroundService
{
    private readonly OperationHost _operations;
    private readonly OperationJournal _journal;
    private readonly Rollback _rollback;
    private readonly StepUndo _undo;
    private readonly LifecycleDrafts _lifecycles;
    private readonly OperationRunner _runner;
    private readonly PlanExecutor _executor;
    private readonly RouteTable _routes;
    private readonly TimeProvider _time;
    private readonly ILogger<Recovery> _log;
    private readonly ConcurrentDictionary<string, int> _tries = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private bool _routesApplied;

    public Recovery(
        OperationHost operations, OperationJournal journal, Rollback rollback, StepUndo undo, LifecycleDrafts lifecycles, OperationRunner runner, PlanExecutor executor, RouteTable routes,
        TimeProvider time, ILogger<Recovery> log)
    {
        (_operations, _journal, _rollback, _undo, _lifecycles, _runner) = (operations, journal, rollback, undo, lifecycles, runner);
        (_executor, _routes, _time, _log) = (executor, routes, time, log);
        runner.LeftUnfinished += Wake;
    }

    /// <summary>Applies the routes, and locks the services of all that is open, before anybody can ask for them; the rest is done in the background.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ApplyRoutesAsync(cancellationToken);
        if (ResumeAll() || !_routesApplied)
            Wake();
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Puts one service in order for the operation that has just taken it.</summary>
    /// <exception cref="AgentException">That is not possible now.</exception>
    public async Task SettleAsync(string service, CancellationToken cancellationToken)
    {
        foreach (var open in _journal.FindOpen(service))
        {
            var ended = await SettleAsync(OperationOf(open), open, isLastTry: true, cancellationToken);
            if (ended.ErrorId != Unsettled)
                continue;
            Wake();
            throw new AgentException(AgentError.Busy, ended.Message, ended.Remedy);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _wanted.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            // What did not let an operation end (an engine that is gone, a disk that is full) seldom ends at once.
            await Task.Delay(Pause, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_routesApplied)
                await ApplyRoutesAsync(stoppingToken);
            if (ResumeAll() || !_routesApplied)
                Wake();
        }
    }

    private async Task ApplyRoutesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _routes.ApplyAllAsync(cancellationToken);
            _routesApplied = true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _log.LogError(e, "The routes of the services could not be applied; the agent tries again");
        }
    }

    private const string Unsettled = "unsettled";
    private const int MaxTries = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private void Wake()
    {
        try
        {
            _wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is going to look anyway.
        }
    }

    /// <summary>True when something is open that could not be taken up now.</summary>
    private bool ResumeAll()
    {
        var left = false;
        try
        {
            foreach (var open in _journal.FindOpen())
            {
                if (_operations.Find(open.Id) is { Ended.IsCompleted: false })
                {
                    left = true;
                    continue;
                }
                var operation = OperationOf(open);
                left |= !_operations.TryResume(operation, async token =>
                {
                    var tries = _tries[open.Id] = _tries.GetValueOrDefault(open.Id) + 1;
                    var ended = await SettleAsync(operation, open, isLastTry: tries >= MaxTries, token);
                    if (ended.ErrorId == Unsettled)
                        Wake();
                    return ended;
                });
            }
        }
        catch (AgentException e)
        {
            _log.LogError(e, "The journal can't be read; what operations have left stays as it is for now");
            left = true;
        }
        return left;
    }

    /// <param name="isLastTry">What fails for another reason than an engine or a database that can't be used now is given up, and left to the next deploy.</param>
    private async Task<OperationEnded> SettleAsync(Operation operation, OpenOperation open, bool isLastTry, CancellationToken cancellationToken)
    {
        _log.LogWarning("Operation {Operation} ({Kind} of {Service} by {Actor}) did not end; putting the service in order", open.Id, open.Kind, open.Service, open.Actor);
        OperationEnding ending;
        try
        {
            if (open.Recorded)
                await _routes.ApplyStoredAsync(open.Service, cancellationToken);
            ending = open.Kind is OperationKind.Deploy or OperationKind.Rollback
                ? open.Recorded ? await FinishAsync(open, cancellationToken) : await TakeBackAsync(open, cancellationToken)
                : open.Recorded ? new(OperationOutcome.Succeeded, Interrupted) : await GoOnAsync(operation, cancellationToken);
        }
        catch (Exception e)
        {
            _log.LogError(e, "{Service} can't be put in order now", open.Service);
            if (!isLastTry || IsPassing(e))
            {
                return Ended(
                    operation, OperationOutcome.Failed, $"operation {open.Id} on {open.Service} was interrupted, and what it left can't be put in order yet: {e.Message}", Unsettled,
                    e is EngineException engine ? engine.Remedy : "see the agent's log, and wait: it tries again by itself");
            }
            ending = new(OperationOutcome.Failed, $"{CauseOf(open)}; putting things in order failed: {e.Message}");
        }
        if (!_runner.Close(operation, ending, quiet: false))
            return Ended(operation, OperationOutcome.Failed, $"{open.Service} is in order, but the registry database does not take it", Unsettled, "see the agent's log about the registry database");
        _tries.TryRemove(open.Id, out _);
        _log.LogWarning("{Service}: {Message}", open.Service, ending.Message);
        return Ended(operation, ending.Outcome, ending.Message, ending.Outcome == OperationOutcome.Succeeded ? "" : "interrupted", "see `mcp status`, and deploy again");
    }

    private static bool IsPassing(Exception e) => e switch
    {
        EngineException engine => engine.Error == EngineError.Unreachable,
        AgentException agent => agent.Error is AgentError.RegistryLocked or AgentError.RegistryDiskFull or AgentError.RegistryReadOnly,
        _ => e is OperationCanceledException,
    };

    private static string CauseOf(OpenOperation open) => open.Failure.Length > 0 ? open.Failure : Interrupted;

    private const string Interrupted = "the agent was interrupted in the middle";
    private const string GoingOnFailed = $"{Interrupted}; going on with it failed: ";

    private async Task<OperationEnding> TakeBackAsync(OpenOperation open, CancellationToken cancellationToken)
    {
        var begun = open.Steps.Where(s => s.State is JournalState.Begun or JournalState.Done).Select(s => s.Step).ToList();
        var failures = await _rollback.RunAsync(open.Service, open.Id, begun, null, _time, cancellationToken);
        if (failures.Count > 0)
            ExceptionDispatchInfo.Throw((failures.FirstOrDefault(f => IsPassing(f.Error)) ?? failures[0]).Error);
        return new(OperationOutcome.RolledBack, $"{CauseOf(open)}; {(begun.Count == 0 ? "nothing had been touched" : "what was deployed before runs again")}");
    }

    private async Task<OperationEnding> FinishAsync(OpenOperation open, CancellationToken cancellationToken)
    {
        foreach (var (step, _) in open.Steps.SkipWhile(s => s.Step.Action != StepAction.Record).Where(s => s.State != JournalState.Skipped))
            await _undo.FinishAsync(step, cancellationToken);
        return new(OperationOutcome.Succeeded, $"{Interrupted}; what was left to do is done");
    }

    private async Task<OperationEnding> GoOnAsync(Operation operation, CancellationToken cancellationToken)
    {
        OperationDraft left;
        try
        {
            left = await _lifecycles.DraftAsync(operation, cancellationToken);
        }
        catch (AgentException e) when (e.Error == AgentError.NotFound && operation.Kind == OperationKind.Undeploy)
        {
            return new(OperationOutcome.Succeeded, $"{Interrupted}; nothing was left to do");
        }
        using var draft = left;
        _journal.Plan(operation.Id, draft.Plan.Steps, release: null);
        var result = await _executor.ExecuteAsync(operation, draft, cancellationToken);
        if (result.Error is { } error && IsPassing(error))
            ExceptionDispatchInfo.Throw(error);
        if (result.Error is null)
            return new(OperationOutcome.Succeeded, $"{Interrupted}; what was left to do is done");
        var (message, brief, _, _) = Failure.Describe(result);
        return new(result.Outcome, GoingOnFailed + message) { Brief = GoingOnFailed + brief };
    }

    private static Operation OperationOf(OpenOperation open) => new(open.Id, open.Kind, open.Service, open.Component, open.Caller, open.StartedAt);

    private OperationEnded Ended(Operation operation, OperationOutcome outcome, string message, string id, string remedy) =>
        new(operation.Id, _time.GetUtcNow(), outcome, message, id.Length == 0 ? "" : remedy, id, [], _time.GetUtcNow() - operation.StartedAt);
}
