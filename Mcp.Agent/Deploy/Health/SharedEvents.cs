using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mcp.Core.Containers;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy.Health;

/// <summary>One stream of the engine's events for all who wait for a container, open while somebody does: with a stream each, hundreds of
/// containers that start together would each get the events of all.</summary>
internal sealed class SharedEvents(IContainerRuntime runtime, ILogger<SharedEvents> log)
{
    private readonly Lock _lock = new();
    private Source? _source;

    /// <summary>Events of one container from now on, until cancelled or until the stream breaks; the next caller opens another
    /// one.</summary>
    public async IAsyncEnumerable<ContainerEvent> OfAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = Channel.CreateUnbounded<ContainerEvent>();
        var source = Join(id, events);
        try
        {
            await foreach (var happened in events.Reader.ReadAllAsync(cancellationToken))
                yield return happened;
        }
        finally
        {
            await LeaveAsync(source, id, events);
        }
    }

    private Source Join(string id, Channel<ContainerEvent> events)
    {
        lock (_lock)
        {
            var source = _source ??= new();
            source.Joined++;
            if (!source.Listeners.TryGetValue(id, out var same))
                source.Listeners[id] = same = [];
            same.Add(events);
            source.Reading ??= ReadAsync(source);
            return source;
        }
    }

    private async Task LeaveAsync(Source source, string id, Channel<ContainerEvent> events)
    {
        lock (_lock)
        {
            if (source.Listeners[id].Remove(events) && source.Listeners[id].Count == 0)
                source.Listeners.Remove(id);
            if (--source.Joined > 0)
                return;
            if (_source == source)
                _source = null;
        }
        await source.Ending.CancelAsync();
        await source.Reading!;
        source.Ending.Dispose();
    }

    private async Task ReadAsync(Source source)
    {
        try
        {
            await foreach (var happened in runtime.EventsAsync(source.Ending.Token))
                lock (_lock)
                    foreach (var events in source.Listeners.GetValueOrDefault(happened.ContainerId, []))
                        events.Writer.TryWrite(happened);
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            log.LogDebug(e, "No engine events while containers are waited for");
        }
        lock (_lock)
        {
            if (_source == source)
                _source = null;
            foreach (var events in source.Listeners.Values.SelectMany(e => e))
                events.Writer.TryComplete();
        }
    }

    private sealed class Source
    {
        public int Joined { get; set; }

        public Dictionary<string, List<Channel<ContainerEvent>>> Listeners { get; } = new(StringComparer.Ordinal);

        public CancellationTokenSource Ending { get; } = new();

        public Task? Reading { get; set; }
    }
}
