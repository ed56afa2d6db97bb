namespace Mcp.Testing;

/// <summary>Time that moves only when told to. Timers (Task.Delay, PeriodicTimer, CancellationTokenSource with this provider) fire during <see cref="Advance"/>, in order, each at its own moment.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(Func<bool> IsReached, TaskCompletionSource Reached)> _waiters = [];
    private DateTimeOffset _now;

    public ManualTimeProvider(DateTimeOffset? start = null) => _now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers are waiting to fire.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate)
                return _timers.Count;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset end;
        lock (_gate)
            end = _now + by;
        while (NextDue(end) is { } timer)
            timer.Fire();
        lock (_gate)
            _now = end;
    }

    /// <summary>Completes once at least <paramref name="count"/> timers wait: the code under test has reached its delay, and time may be advanced.</summary>
    public Task WaitForTimersAsync(int count = 1) => WaitAsync(() => _timers.Count >= count);

    /// <summary>Completes once a timer waits that fires exactly <paramref name="after"/> from now: that delay, and not just any limit of something under way.</summary>
    public Task WaitForTimerAsync(TimeSpan after) => WaitAsync(() => _timers.Exists(t => t.Due == _now + after));

    private Task WaitAsync(Func<bool> isReached)
    {
        lock (_gate)
        {
            if (isReached())
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((isReached, reached));
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    private ManualTimer? NextDue(DateTimeOffset end)
    {
        lock (_gate)
        {
            var timer = _timers.MinBy(t => t.Due);
            if (timer is null || timer.Due > end)
                return null;
            if (timer.Due > _now)
                _now = timer.Due;
            _timers.Remove(timer);
            if (timer.Period > TimeSpan.Zero)
            {
                timer.Due += timer.Period;
                _timers.Add(timer);
            }
            return timer;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._gate)
            {
                owner._timers.Remove(this);
                Period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = owner._now + dueTime;
                owner._timers.Add(this);
                foreach (var waiter in owner._waiters.Where(w => w.IsReached()).ToList())
                {
                    owner._waiters.Remove(waiter);
                    waiter.Reached.TrySetResult();
                }
            }
            // A zero due time means "as soon as possible" and must not wait for somebody to move the clock.
            if (dueTime == TimeSpan.Zero)
                ThreadPool.QueueUserWorkItem(_ => owner.Advance(TimeSpan.Zero));
            return true;
        }

        public void Dispose()
        {
            lock (owner._gate)
                owner._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
