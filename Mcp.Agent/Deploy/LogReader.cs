using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mcp.Agent.Engine;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Status;

namespace Mcp.Agent.Deploy;

/// <summary>Logs of one component, or of a service's components put together by time.</summary>
internal sealed class LogReader(IContainerRuntime runtime, EngineWatch engine, StatusReader status)
{
    public IAsyncEnumerable<LogEntry> ReadAsync(LogRequest request, CancellationToken cancellationToken)
    {
        var stored = status.Find(request.Service);
        var components = stored.Components.Select(c => c.Definition.Name).Where(c => request.Component is null || c == request.Component)
            .ToList();
        if (components.Count == 0)
            throw new AgentException(
                AgentError.NotFound, $"service {request.Service} has no component {request.Component}",
                $"it has: {string.Join(", ", stored.Components.Select(c => c.Definition.Name))}");
        return components.Count == 1 ? OneAsync(request, components[0], cancellationToken)
            : request.Follow ? FollowAllAsync(request, components, cancellationToken)
            : MergeAsync(request, components, cancellationToken);
    }

    private async IAsyncEnumerable<LogEntry> OneAsync(
        LogRequest request, string component, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new LogQuery(request.Tail, request.Since, request.Follow);
        var lines = engine.PromptAsync(
            token => runtime.LogsAsync(ContainerName.For(request.Service, component), query, token), cancellationToken);
        await foreach (var line in lines)
            yield return new(request.Service, component, line.At, line.IsError, line.Text);
    }

    /// <summary>Each log is in order of time; the earliest next line of any goes first.</summary>
    private async IAsyncEnumerable<LogEntry> MergeAsync(
        LogRequest request, List<string> components, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sources = components.Select(c => OneAsync(request, c, cancellationToken).GetAsyncEnumerator(cancellationToken)).ToList();
        try
        {
            var next = new PriorityQueue<IAsyncEnumerator<LogEntry>, DateTimeOffset>();
            foreach (var source in sources)
                if (await source.MoveNextAsync())
                    next.Enqueue(source, source.Current.At);
            while (next.TryDequeue(out var source, out _))
            {
                yield return source.Current;
                if (await source.MoveNextAsync())
                    next.Enqueue(source, source.Current.At);
            }
        }
        finally
        {
            foreach (var source in sources)
                await source.DisposeAsync();
        }
    }

    /// <summary>Lines as they arrive; ends when every log has, or with the first error.</summary>
    private async IAsyncEnumerable<LogEntry> FollowAllAsync(
        LogRequest request, List<string> components, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Bounded: a slow reader slows the engine's stream down instead of filling memory.
        var lines = Channel.CreateBounded<LogEntry>(256);
        var pumps = PumpAllAsync(request, components, lines.Writer, stop.Token);
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(cancellationToken))
                yield return line;
        }
        finally
        {
            await stop.CancelAsync();
            await pumps;
        }
    }

    private async Task PumpAllAsync(
        LogRequest request, List<string> components, ChannelWriter<LogEntry> lines, CancellationToken cancellationToken)
    {
        await Task.WhenAll(components.Select(c => PumpAsync(request, c, lines, cancellationToken)));
        lines.TryComplete();
    }

    private async Task PumpAsync(LogRequest request, string component, ChannelWriter<LogEntry> lines, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var line in OneAsync(request, component, cancellationToken))
                await lines.WriteAsync(line, cancellationToken);
        }
        catch (Exception e)
        {
            // The reader gets it; the other pumps are stopped by the reader's end.
            lines.TryComplete(e);
        }
    }
}
