using Mcp.Core.Containers;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy.Health;

/// <summary>Notices at once when a container ends, so that its gate stops waiting.</summary>
internal sealed class ContainerEnd : IAsyncDisposable
{
    /// <summary>So often, with 100 ms between, it is looked whether an engine that told of the end shows it as well.</summary>
    private const int Looks = 5;

    private readonly IContainerRuntime _runtime;
    private readonly ContainerInfo _started;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _enough;

    public ContainerEnd(IContainerRuntime runtime, SharedEvents events, ContainerInfo started, TimeProvider time, ILogger log,
        CancellationToken cancellationToken)
    {
        (_runtime, _started, _time) = (runtime, started, time);
        _enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Happened = WatchAsync(events, log, _enough.Token);
    }

    /// <summary>Completes at the container's end, or when this is disposed.</summary>
    public Task Happened { get; }

    /// <summary>Whether it is still the same run of the same container.</summary>
    public static bool IsSameRun(ContainerInfo started, ContainerInfo? now) =>
        now is { State: ContainerState.Running } && now.StartedAt == started.StartedAt && now.RestartCount == started.RestartCount;

    /// <summary>Until the time is over or the container ends.</summary>
    public async Task WaitAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        if (duration > TimeSpan.Zero)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(Happened, Task.Delay(duration, _time, over.Token));
            await over.CancelAsync();
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await Happened;
        _enough.Dispose();
    }

    private async Task WatchAsync(SharedEvents events, ILogger log, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var happened in events.OfAsync(_started.Id, cancellationToken))
                if (happened.Action == "die" && await IsTrueAsync(cancellationToken))
                    return;
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (EngineException e)
        {
            log.LogDebug(e, "The engine could not be asked about the end of {Container}", _started.Id);
        }
        // The event stream is gone, not the container: the gate looks for itself now and then.
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>An event may be that of the run before this one, and the engine's state may be a moment behind its events.</summary>
    private async Task<bool> IsTrueAsync(CancellationToken cancellationToken)
    {
        for (var look = 1; IsSameRun(_started, await _runtime.InspectAsync(_started.Id, cancellationToken)); look++)
        {
            if (look == Looks)
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(100), _time, cancellationToken);
        }
        return true;
    }
}
