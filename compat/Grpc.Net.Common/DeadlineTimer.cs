namespace Grpc.Net.Common;

/// <summary>Calls back once when a point in time has passed, however far away that is.</summary>
internal sealed class DeadlineTimer : IDisposable, IAsyncDisposable
{
    // Timers take some 49 days at most.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    private readonly Action passed;
    private readonly DateTime deadline;
    private readonly TimeProvider time;
    private readonly ITimer timer;

    public DeadlineTimer(DateTime deadline, TimeProvider time, Action passed)
    {
        this.deadline = deadline;
        this.time = time;
        this.passed = passed;
        timer = time.CreateTimer(_ => Check(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(Remaining(), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => timer.Dispose();

    /// <summary>When it is done, the callback has run or never will.</summary>
    public ValueTask DisposeAsync() => timer.DisposeAsync();

    private void Check()
    {
        if (deadline > time.GetUtcNow().UtcDateTime)
            timer.Change(Remaining(), Timeout.InfiniteTimeSpan);
        else
            passed();
    }

    private TimeSpan Remaining()
    {
        var remaining = deadline - time.GetUtcNow().UtcDateTime;
        if (remaining <= TimeSpan.Zero)
            return TimeSpan.Zero;
        // Timers count whole milliseconds: rounded up, else the last wait would be a busy loop.
        return remaining > LongestWait ? LongestWait : TimeSpan.FromMilliseconds(Math.Ceiling(remaining.TotalMilliseconds));
    }
}
