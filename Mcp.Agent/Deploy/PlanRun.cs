using Mcp.Agent.Deploy.Journal;
using Mcp.Core.Containers;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>One run through a plan's steps: each as soon as those it waits for are done. The first failure before the record ends the
/// run.</summary>
internal sealed class PlanRun : IDisposable
{
    /// <summary>A result that is read by people may be this old.</summary>
    private static readonly TimeSpan StillTrue = TimeSpan.FromSeconds(3);

    private readonly Operation _operation;
    private readonly PlannedOperation _planned;
    private readonly Plan _plan;
    private readonly StepRunner _steps;
    private readonly EngineSlots _slots;
    private readonly RouteTable _routes;
    private readonly OperationJournal _journal;
    private readonly StepHook _hook;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly IReadOnlySet<int> _marked;
    private readonly CancellationTokenSource _failing;
    private readonly Dictionary<int, Task<bool>> _tasks = [];
    private readonly PulledImages _pulled = new();
    private readonly Lock _lock = new();
    private readonly List<PlanStep> _begun = [];
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _replaced = new(StringComparer.Ordinal);
    private readonly List<(PlanStep Step, ContainerInfo Container)> _verified = [];
    private long _firstVerified;
    private bool _recorded;

    public PlanRun(
        Operation operation, PlannedOperation planned, StepRunner steps, EngineSlots slots, RouteTable routes, OperationJournal journal,
            StepHook hook, TimeProvider time, ILogger log, CancellationToken cancellationToken)
    {
        (_operation, _planned, _plan) = (operation, planned, planned.Plan);
        (_steps, _slots, _routes, _journal, _hook, _time, _log) = (steps, slots, routes, journal, hook, time, log);
        _marked = MarkedSteps.Of(operation.Kind, _plan.Steps);
        _failing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>What ended the run before the record; null when nothing did.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Steps that may have left something.</summary>
    public IReadOnlyList<PlanStep> Begun => _begun;

    /// <summary>What people should know of a run that went well.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public bool CleanupFailed { get; private set; }

    /// <summary>The service's containers as they were left; null: the run saw too little of them, or some of them too long ago.</summary>
    public IReadOnlyList<ContainerInfo>? Left
    {
        get
        {
            var known = _verified.Select(v => v.Step.Container).ToHashSet(StringComparer.Ordinal);
            var sawAll = _plan.Steps.All(s => s.Action switch
            {
                StepAction.Create => known.Contains(s.Container),
                _ => s.Action is StepAction.Pull or StepAction.Start or StepAction.Verify or StepAction.Record,
            });
            if (_planned.Observed is null || !sawAll || (known.Count > 0 && _time.GetElapsedTime(_firstVerified) > StillTrue))
                return null;
            var ids = _verified.Select(v => v.Container.Id).ToHashSet(StringComparer.Ordinal);
            return [.. _planned.Observed.Where(c => !ids.Contains(c.Id)), .. _verified.Select(v => v.Container)];
        }
    }

    public async Task RunAsync()
    {
        foreach (var step in _plan.Steps)
            _ = TaskOf(step.Index);
        await Task.WhenAll(_tasks.Values);
    }

    public void Dispose() => _failing.Dispose();

    private Task<bool> TaskOf(int index)
    {
        if (_tasks.TryGetValue(index, out var known))
            return known;
        var step = _plan.Steps[index];
        return _tasks[index] = RunAsync(step, step.After.Select(TaskOf).ToList());
    }

    /// <summary>True when the steps that wait for it may begin.</summary>
    private async Task<bool> RunAsync(PlanStep step, List<Task<bool>> before)
    {
        if ((await Task.WhenAll(before)).Contains(false))
            return false;
        if (step.Unless is { } unless && _pulled.Is(unless))
        {
            Report(step, StepState.Skipped, "the image is the same as before", _time.GetTimestamp());
            return true;
        }
        using var slot = await _slots.EnterAsync(step);
        var started = _time.GetTimestamp();
        if (!Begin(step))
            return false;
        Report(step, StepState.Running, "", started);
        try
        {
            if (_marked.Contains(step.Index))
                await _journal.BeginAsync(_operation.Id, step.Index);
            await _hook(step, StepMoment.Before);
            var result = await DoAsync(step, started);
            await _hook(step, StepMoment.After);
            Note(step, result);
            Report(step, StepState.Done, result.Message, started);
            return true;
        }
        catch (Exception e)
        {
            await FailAsync(step, e, started);
            return false;
        }
    }

    private async Task<StepResult> DoAsync(PlanStep step, long started)
    {
        if (step.Action != StepAction.Record)
            return await _steps.DoAsync(_plan, step, _pulled, new Progress(line => Report(step, StepState.Running, line, started)),
                _failing.Token);
        await _steps.LookAgainAsync(_plan.Service, _verified, _failing.Token);
        _failing.Token.ThrowIfCancellationRequested();
        _operation.Commit();
        // After a crash it is not known which images were pulled: finishing would remove containers that are to stay.
        var skipped = _plan.Steps.Where(s => s.Index > step.Index && s.Unless is { } unless && _pulled.Is(unless)).Select(s => s.Index);
        _journal.Record(_operation.Id, _planned.Change(new(_pulled.All, _replaced)), skipped);
        _recorded = true;
        await _routes.ApplyStoredAsync(_plan.Service, _failing.Token);
        return StepResult.Silent;
    }

    private bool Begin(PlanStep step)
    {
        lock (_lock)
        {
            if (Error is not null)
                return false;
            _begun.Add(step);
            return true;
        }
    }

    private void Note(PlanStep step, StepResult result)
    {
        lock (_lock)
        {
            if (result.Verified is { } container)
            {
                if (_verified.Count == 0)
                    _firstVerified = _time.GetTimestamp();
                _verified.Add((step, container));
            }
            if (step.Action == StepAction.Pull && result.Message.Length > 0)
                _notes.Add(result.Message);
            if (step.Action == StepAction.Create)
                _replaced.Add(step.Component);
        }
    }

    private async Task FailAsync(PlanStep step, Exception error, long started)
    {
        bool first;
        lock (_lock)
        {
            first = !_recorded && Error is null;
            if (first)
                Error = error;
            CleanupFailed |= _recorded;
        }
        if (error is not (EngineException or AgentException or OperationCanceledException))
            _log.LogError(error, "Step {Step} of operation {Operation} failed in the agent", step.Description, _operation.Id);
        // Steps that were cancelled because another one failed did not fail themselves.
        if (first || _recorded)
            Report(step, StepState.Failed, error is OperationCanceledException ? "cancelled" : error.Message, started);
        else
            Report(step, StepState.Skipped, "another step failed", started);
        if (_recorded)
        {
            // The new state stands; what could not be cleaned up is cleaned up later.
            lock (_lock)
                _notes.Add($"{step.Description} failed: {error.Message}; the agent tries again");
        }
        else
            await _failing.CancelAsync();
    }

    private void Report(PlanStep step, StepState state, string message, long started) =>
        _operation.Publish(new StepProgressed(_operation.Id, _time.GetUtcNow(), step.Index, state, message, _time.GetElapsedTime(started)));

    /// <summary>Reports on the thread that works: System.Progress would reorder lines.</summary>
    private sealed class Progress(Action<string> report) : IProgress<string>
    {
        public void Report(string value) => report(value);
    }
}
