using Mcp.Core.Definitions;

namespace Mcp.Agent.Deploy.Health;

/// <summary>When a container is asked next. A program that is up after 50 ms is not to wait for a whole interval, so the pauses grow from
/// some milliseconds to the interval; answers count as failures only once in an interval, so that a definition's retries and start_period
/// mean the same as without.</summary>
internal sealed class ProbePace(HealthDefinition health, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(10);

    private readonly TimeSpan _interval = health.Interval ?? HealthDefinition.DefaultInterval;
    private readonly TimeSpan _startPeriod = health.StartPeriod ?? HealthDefinition.DefaultStartPeriod;
    private readonly int _retries = health.Retries ?? HealthDefinition.DefaultRetries;
    private TimeSpan _pause = First;
    private TimeSpan? _counted;
    private int _failures;

    /// <summary>After a bad answer.</summary>
    /// <param name="elapsed">Since the container started.</param>
    /// <param name="asked">When it was asked.</param>
    /// <returns>Whether the answer counts, and how long to wait before asking again; no pause: that was the last time.</returns>
    public (bool Counts, TimeSpan? Pause) After(TimeSpan elapsed, long asked)
    {
        var since = elapsed - _counted ?? _interval;
        var counts = since >= _interval;
        if (counts)
        {
            (_counted, since) = (elapsed, TimeSpan.Zero);
            if (elapsed >= _startPeriod && ++_failures >= _retries)
                return (true, null);
        }
        // What takes long to ask is asked less often: a command in a container costs the engine as much as a start.
        var pause = Longer(_pause, time.GetElapsedTime(asked));
        _pause = Shorter(_pause * 2, _interval);
        return (counts, Shorter(pause, _interval - since));
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
