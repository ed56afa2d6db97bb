using Mcp.Agent.Events;
using Mcp.Core.Status;

namespace Mcp.Agent.Monitor;

/// <summary>One component over time: tells transitions, drift and flapping from what is observed. Decides only; storing and alerting are
/// the caller's.</summary>
internal sealed class ComponentWatch
{
    private readonly MonitorOptions _options;
    private readonly string _service;
    private readonly string _component;
    private readonly Queue<DateTimeOffset> _flips = new();
    private Observation? _last;
    private DateTimeOffset? _differsSince;
    private bool _drifting;
    private bool _flapping;
    private int _unstored;
    private bool _operationEnded;
    private bool _engineLost;

    /// <param name="before">As last stored, perhaps before the agent started; Unknown tells nothing.</param>
    public ComponentWatch(string service, string component, Observation before, MonitorOptions options)
    {
        (_service, _component, _options) = (service, component, options);
        _last = before.State == ObservedState.Unknown ? null : before;
    }

    public DesiredState Desired { get; set; }

    public string? ContainerId => _last?.ContainerId;

    public ComponentCondition Condition => _engineLost
        ? new(ObservedState.Unknown, null, null, _flapping, "")
        : new(_last?.State ?? ObservedState.Unknown, _differsSince, _drifting ? _differsSince : null, _flapping, Words);

    private string Words => string.Join(
        "; ",
        ((string?[])[
            _differsSince is null ? null : $"desired {Name(Desired)}, observed {_last}",
            _flapping ? "keeps starting and ending" : null,
        ]).OfType<string>());

    /// <summary>What the observation, and the time that has passed, give to report.</summary>
    public IReadOnlyList<AgentEvent> Observe(Observation seen, DateTimeOffset now)
    {
        var events = new List<AgentEvent>();
        _engineLost = false;
        Transition(seen, events);
        Flapping(now, events);
        Drift(seen, now, events);
        _operationEnded = false;
        return events;
    }

    /// <summary>Whatever happened so far was an operation's doing: it is no flapping, and drift is counted from now on.</summary>
    public void OperationEnded()
    {
        _operationEnded = true;
        _flips.Clear();
        StopCounting();
    }

    /// <summary>Nothing is claimed until the engine can be asked again.</summary>
    public void EngineLost()
    {
        _engineLost = true;
        StopCounting();
    }

    private void StopCounting()
    {
        if (!_drifting)
            _differsSince = null;
    }

    private void Transition(Observation seen, List<AgentEvent> events)
    {
        var before = _last;
        _last = seen;
        if (before is null || before.State == seen.State)
            return;
        // Between two starts an engine may call a container exited, restarting or both; only starts and ends are counted.
        if (!_operationEnded && (before.State == ObservedState.Running || seen.State == ObservedState.Running))
            _flips.Enqueue(seen.At);
        // A crash loop would fill the event log: from "flapping" to "flapping-ended", those two stand for it.
        if (_flapping)
            _unstored++;
        else
            events.Add(Event(EventKinds.State, $"{Name(before.State)} -> {seen}", Name(before.State), Name(seen.State)));
    }

    private void Flapping(DateTimeOffset now, List<AgentEvent> events)
    {
        while (_flips.TryPeek(out var oldest) && now - oldest > _options.FlappingWindow)
            _flips.Dequeue();
        if (!_flapping && _flips.Count >= _options.FlappingCount)
        {
            _flapping = true;
            _unstored = 0;
            events.Add(Event(EventKinds.Flapping,
                $"{_flips.Count} starts and ends within {Span(_options.FlappingWindow)}, now {_last}; "
                + $"`mcp logs {Target}` shows why, `mcp stop {Target}` ends it"));
        }
        else if (_flapping && _flips.Count == 0)
        {
            _flapping = false;
            var why = _operationEnded ? "an operation changed it" : $"quiet for {Span(_options.FlappingWindow)}";
            events.Add(Event(EventKinds.FlappingEnded, $"{why}, now {_last}; {_unstored} changes of state in between"));
        }
    }

    private void Drift(Observation seen, DateTimeOffset now, List<AgentEvent> events)
    {
        if (IsDesired(seen.State))
        {
            if (_drifting)
                events.Add(Event(EventKinds.DriftEnded, $"{seen}, as desired, after {Span(now - _differsSince!.Value)}"));
            (_drifting, _differsSince) = (false, null);
            return;
        }
        _differsSince ??= now;
        if (_drifting || now - _differsSince < _options.DriftAfter)
            return;
        _drifting = true;
        var remedy = Desired == DesiredState.Stopped ? $"`mcp stop {Target}` stops it"
            : seen.State == ObservedState.Missing ? $"`mcp deploy {_service}` makes it again"
            : $"`mcp start {Target}` starts it, `mcp logs {Target}` may tell why it ended";
        events.Add(Event(EventKinds.Drift, $"desired {Name(Desired)}, observed {seen} for {Span(now - _differsSince.Value)}; {remedy}"));
    }

    private bool IsDesired(ObservedState state) => Desired switch
    {
        DesiredState.Running => state == ObservedState.Running,
        _ => state is not (ObservedState.Running or ObservedState.Restarting or ObservedState.Paused),
    };

    private string Target => _service == _component ? _service : $"{_service}/{_component}";

    private AgentEvent Event(string kind, string message, string from = "", string to = "") =>
        new(kind, message, _service, _component, from, to);

    private static string Name<T>(T state) where T : struct, Enum => state.ToString().ToLowerInvariant();

    private static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => $"{span.Seconds} s",
        { TotalHours: < 1, Seconds: 0 } => $"{span.Minutes} min",
        { TotalHours: < 1 } => $"{span.Minutes} min {span.Seconds} s",
        { TotalDays: < 1 } => $"{span.Hours} h {span.Minutes} min",
        _ => $"{span.Days} d {span.Hours} h",
    };
}
