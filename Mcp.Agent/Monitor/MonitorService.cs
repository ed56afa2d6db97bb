using System.Threading.Channels;

namespace Mcp.Agent.Monitor;

/// <summary>Keeps comparing desired with observed state while the agent runs: on engine events, after operations and at an
/// interval.</summary>
internal sealed partial class MonitorService(
    NodeWatch watch,
    EngineListener listener,
    AlertQueue alerts,
    BusyServices busy,
    MonitorOptions options,
    TimeProvider time,
    ILogger<MonitorService> log) : BackgroundService
{
    private readonly Channel<MonitorSignal> _signals = Channel.CreateUnbounded<MonitorSignal>(new() { SingleReader = true });
    private int _sweepIsDue;
    private AgentError? _trouble;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        busy.Left += OperationEnded;
        try
        {
            Task[] loops =
            [
                WatchAsync(stop.Token),
                TickAsync(stop.Token),
                listener.RunAsync(happened => _signals.Writer.TryWrite(new MonitorSignal.EngineHappened(happened)), RequestSweep,
                    stop.Token),
                alerts.RunAsync(stop.Token),
            ];
            // None of them ends by itself. When one fails the others end too, and the failure stops the agent: better gone and restarted
            // than blind.
            await Task.WhenAny(loops);
            await stop.CancelAsync();
            var failure = (await Task.WhenAll(loops.Select(FailureOf))).FirstOrDefault(f => f is not null);
            if (failure is null && !stoppingToken.IsCancellationRequested)
                failure = new InvalidOperationException("one of its loops ended");
            if (failure is not null)
            {
                LogFailed(failure);
                throw new InvalidOperationException($"the monitor failed: {failure.Message}", failure);
            }
        }
        finally
        {
            busy.Left -= OperationEnded;
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        RequestSweep();
        await foreach (var signal in _signals.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await HandleAsync(signal, cancellationToken);
                Recovered();
            }
            // A disk is cleaned up, a lock released, a damaged file replaced: the next sweep checks everything again.
            catch (AgentException e)
            {
                if (_trouble != e.Error)
                    LogTrouble(e.Message, e.Remedy);
                _trouble = e.Error;
            }
        }
    }

    private async Task HandleAsync(MonitorSignal signal, CancellationToken cancellationToken)
    {
        switch (signal)
        {
            case MonitorSignal.Sweep:
                Volatile.Write(ref _sweepIsDue, 0);
                await watch.SweepAsync(cancellationToken);
                break;
            case MonitorSignal.EngineHappened(var happened):
                if (watch.Happened(happened))
                    RequestSweep();
                break;
            case MonitorSignal.OperationEnded(var service):
                watch.OperationEnded(service);
                RequestSweep();
                break;
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            RequestSweep();
    }

    // One waiting sweep answers for all that asked before it starts.
    private void RequestSweep()
    {
        if (Interlocked.Exchange(ref _sweepIsDue, 1) == 0)
            _signals.Writer.TryWrite(new MonitorSignal.Sweep());
    }

    private void OperationEnded(string service) => _signals.Writer.TryWrite(new MonitorSignal.OperationEnded(service));

    private void Recovered()
    {
        if (_trouble is not null)
            LogRecovered();
        _trouble = null;
    }

    private static async Task<Exception?> FailureOf(Task loop)
    {
        try
        {
            await loop;
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    [LoggerMessage(EventId = 300, Level = LogLevel.Critical, Message = "the monitor failed and stops the agent")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(EventId = 301, Level = LogLevel.Error, Message = "the monitor can't store what it sees: {Failure}; {Remedy}")]
    private partial void LogTrouble(string failure, string remedy);

    [LoggerMessage(EventId = 302, Level = LogLevel.Information, Message = "the monitor can store again")]
    private partial void LogRecovered();
}
