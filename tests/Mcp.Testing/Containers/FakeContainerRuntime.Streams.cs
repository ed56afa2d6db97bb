using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mcp.Core.Containers;

namespace Mcp.Testing.Containers;

/// <summary>Lives of containers, and what is told about them.</summary>
public sealed partial class FakeContainerRuntime
{
    private readonly List<Channel<ContainerEvent>> _listeners = [];

    /// <summary>Before the first restart after an end; doubles with each further one, up to a minute.</summary>
    public TimeSpan RestartDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many callers listen to events now.</summary>
    public int Listeners
    {
        get
        {
            lock (_gate)
                return _listeners.Count;
        }
    }

    public async IAsyncEnumerable<ContainerEvent> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<ContainerEvent>();
        await CallAsync(EngineVerb.Events, "", () =>
        {
            _listeners.Add(channel);
            return true;
        }, cancellationToken);
        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancellationToken))
                yield return happened;
        }
        finally
        {
            lock (_gate)
                _listeners.Remove(channel);
        }
    }

    public async IAsyncEnumerable<ContainerLogLine> LogsAsync(
        string container, LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var c = await CallAsync(EngineVerb.Logs, container, () => Require(container), cancellationToken);
        var next = -1;
        while (true)
        {
            List<ContainerLogLine> lines;
            Task changed;
            bool live;
            lock (_gate)
            {
                ThrowIfDown();
                if (next < 0)
                {
                    lines = [.. c.Log.Where(l => query.Since is not { } since || l.At >= since)];
                    if (query.Tail is { } tail)
                        lines = [.. lines.TakeLast(tail)];
                }
                else
                {
                    lines = c.Log[next..];
                }
                next = c.Log.Count;
                changed = c.Changed.Task;
                live = c.IsLive;
            }
            foreach (var line in lines)
                yield return line;
            if (!query.Follow || !live)
                yield break;
            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Launch(FakeContainer c)
    {
        var now = _time.GetUtcNow();
        (c.State, c.StartedAt, c.FinishedAt, c.ExitCode, c.OutOfMemory) = (ContainerState.Running, now, null, null, false);
        c.Run = c.Image.Start(c.Spec);
        Publish(c, "start");
        c.Log.AddRange(c.Run.Output.Select(o => new ContainerLogLine(now, o.IsError, o.Text)));
        c.Signal();
        if (c.Run.ExitCode is not { } code)
            return;
        if (c.Run.After == TimeSpan.Zero)
            Ended(c, code);
        else
            SetTimer(c, c.Run.After, () => Ended(c, code));
    }

    /// <summary>The process ended by itself.</summary>
    private void Ended(FakeContainer c, int code)
    {
        if (c.State is not (ContainerState.Running or ContainerState.Paused))
            return;
        var restarts = c.RestartsAfter(code);
        Finish(c, code, null);
        if (!restarts)
            return;
        c.State = ContainerState.Restarting;
        var delay = RestartDelay * Math.Pow(2, Math.Min(c.RestartCount, 12));
        SetTimer(c, delay < TimeSpan.FromMinutes(1) ? delay : TimeSpan.FromMinutes(1), () =>
        {
            c.RestartCount++;
            Launch(c);
        });
    }

    private void Finish(FakeContainer c, int code, string? alsoPublish)
    {
        c.Timer?.Dispose();
        c.Timer = null;
        var wasRunning = c.State is ContainerState.Running or ContainerState.Paused;
        c.State = ContainerState.Exited;
        if (wasRunning)
        {
            (c.ExitCode, c.FinishedAt) = (code, _time.GetUtcNow());
            Publish(c, "die", code);
        }
        if (alsoPublish is not null)
            Publish(c, alsoPublish);
        c.Signal();
    }

    private void SetTimer(FakeContainer c, TimeSpan after, Action act)
    {
        c.Timer?.Dispose();
        ITimer? own = null;
        own = c.Timer = _time.CreateTimer(_ =>
        {
            lock (_gate)
                if (c.Timer == own && _containers.Contains(c))
                    act();
        }, null, after, Timeout.InfiniteTimeSpan);
    }

    private void Publish(FakeContainer c, string action, int? exitCode = null)
    {
        var attributes = new Dictionary<string, string>(c.Spec.Labels) { ["image"] = c.Spec.Image, ["name"] = c.Name };
        if (exitCode is { } code)
            attributes["exitCode"] = code.ToString(CultureInfo.InvariantCulture);
        var happened = new ContainerEvent(_time.GetUtcNow(), action, c.Id, c.Name, exitCode, attributes);
        foreach (var listener in _listeners)
            listener.Writer.TryWrite(happened);
    }

    private void BreakStreams()
    {
        foreach (var listener in _listeners)
            listener.Writer.TryComplete(
                new EngineException(EngineError.Unreachable, "the connection to the engine was lost", "Connect again."));
        foreach (var c in _containers)
            c.Signal();
    }
}
