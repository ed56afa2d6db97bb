using Microsoft.Extensions.Time.Testing;

namespace Mcp.Testing;

/// <summary>A <see cref="FakeTimeProvider"/> that tells when the code under test has set a timer, so that a test advances the time neither
/// too early nor after a guessed pause.</summary>
public sealed class WatchedTimeProvider : FakeTimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<WatchedTimer> _timers = [];
    private readonly List<(Func<bool> IsReached, TaskCompletionSource Reached)> _waiters = [];

    /// <summary>Completes once a timer is pending: the code under test has reached its delay.</summary>
    public Task WaitForTimerAsync() => WaitAsync(() => _timers.Count > 0);

    /// <summary>Completes once a timer is pending that fires exactly <paramref name="after"/> from now: that delay, and not some time
    /// limit.</summary>
    public Task WaitForTimerAsync(TimeSpan after) => WaitAsync(() => _timers.Exists(t => t.Due == GetUtcNow() + after));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this);
        timer.Inner = base.CreateTimer(
            s =>
            {
                if (timer.Period <= TimeSpan.Zero)
                    timer.Forget();
                callback(s);
            },
            state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(dueTime, period);
        return timer;
    }

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

    private sealed class WatchedTimer(WatchedTimeProvider owner) : ITimer
    {
        public ITimer Inner { get; set; } = null!;

        public DateTimeOffset Due { get; private set; }

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._gate)
            {
                owner._timers.Remove(this);
                Period = period;
                if (dueTime > TimeSpan.Zero)
                {
                    Due = owner.GetUtcNow() + dueTime;
                    owner._timers.Add(this);
                }
            }
            // Before anyone who waits advances the time, it must be set.
            var changed = Inner.Change(dueTime, period);
            lock (owner._gate)
            {
                foreach (var waiter in owner._waiters.FindAll(w => w.IsReached()))
                {
                    owner._waiters.Remove(waiter);
                    waiter.Reached.TrySetResult();
                }
            }
            return changed;
        }

        public void Forget()
        {
            lock (owner._gate)
                owner._timers.Remove(this);
        }

        public void Dispose()
        {
            Forget();
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Forget();
            return Inner.DisposeAsync();
        }
    }
}
