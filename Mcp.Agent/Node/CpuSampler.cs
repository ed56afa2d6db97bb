namespace Mcp.Agent.Node;

/// <summary>
/// Keeps the share of processor time of the last few seconds at hand, so that a question for it is answered at once. The first share is
/// taken after a quarter of a second; a question before that gets the average since boot.
/// </summary>
internal sealed class CpuSampler(Func<CpuTimes?> read, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Processor time is counted in ticks of 10 ms: a share taken over much less than this would be noise.</summary>
    public static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(250);

    private CpuTimes? _last;
    private Share? _latest;

    /// <summary>0 to 100, of all processors together.</summary>
    public double Percent => Volatile.Read(ref _latest)?.Percent ?? read()?.PercentSince(default) ?? 0;

    public void Sample()
    {
        if (read() is not { } now)
            return;
        if (_last is { } earlier && now.PercentSince(earlier) is { } percent)
            Volatile.Write(ref _latest, new(percent));
        _last = now;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Sample();
        using var timer = new PeriodicTimer(FirstInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                timer.Period = Interval;
                Sample();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The agent stops.
        }
    }

    /// <summary>A box, so that readers on other threads get a whole double.</summary>
    private sealed record Share(double Percent);
}
