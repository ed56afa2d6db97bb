using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Mcp.Core.Containers.Engine;

public sealed partial class DockerEngineRuntime
{
    public async IAsyncEnumerable<ContainerLogLine> LogsAsync(string container, LogQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var followed = new FollowedLines(_time.GetUtcNow());
        await foreach (var line in ReadLogAsync(container, query, cancellationToken).ConfigureAwait(false))
        {
            if (query.Follow)
                followed.Add(line);
            yield return line;
        }
        if (!query.Follow)
            yield break;
        // docker ends the stream as soon as the container has ended, and drops what it wrote last: the very lines that tell why it ended.
        foreach (var line in followed.Missing(await ReadRestAsync(container, followed.Since, cancellationToken).ConfigureAwait(false)))
            yield return line;
    }

    public async IAsyncEnumerable<ContainerEvent> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // "From now on" is from the call, not from when the engine gets to it: a start in between must not be missed.
        var since = EngineTime.UnixSeconds(_time.GetUtcNow());
        var filters = Uri.EscapeDataString("""{"type":["container"]}""");
        using var response = await _http.OpenAsync(HttpMethod.Get, $"events?since={since}&filters={filters}", null,
            cancellationToken).ConfigureAwait(false);
        await ThrowUnlessOkAsync(response, "listen to the engine's events", cancellationToken).ConfigureAwait(false);
        using var listening = _seen.Listen();
        await foreach (var happened in Guarded(response, ReadEventsAsync, cancellationToken).ConfigureAwait(false))
        {
            // Commands in a container, and its health checks, change nothing that a listing shows.
            if (!happened.Action.StartsWith("exec", StringComparison.Ordinal) && happened.Action != "health_status")
                _seen.Changed(happened.ContainerId);
            yield return happened;
        }
        throw new EngineException(EngineError.Unreachable, "the engine ended its stream of events", "connect again once the engine is up");
    }

    private async IAsyncEnumerable<ContainerLogLine> ReadLogAsync(string container, LogQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = new StringBuilder(EnginePath.OfContainer(container, "/logs?stdout=1&stderr=1&timestamps=1"));
        if (query.Tail is { } tail)
            path.Append(CultureInfo.InvariantCulture, $"&tail={tail}");
        if (query.Since is { } since)
            path.Append("&since=").Append(EngineTime.UnixSeconds(since));
        if (query.Follow)
            path.Append("&follow=1");

        using var response = await _http.OpenAsync(HttpMethod.Get, path.ToString(), null, cancellationToken).ConfigureAwait(false);
        await ThrowUnlessOkAsync(response, $"read the log of container {container}", cancellationToken).ConfigureAwait(false);
        await foreach (var line in Guarded(response, LogReader.ReadAsync, cancellationToken).ConfigureAwait(false))
            yield return line;
    }

    private async Task<List<ContainerLogLine>> ReadRestAsync(string container, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var rest = new List<ContainerLogLine>();
        try
        {
            await foreach (var line in ReadLogAsync(container, new LogQuery(Since: since), cancellationToken).ConfigureAwait(false))
                rest.Add(line);
        }
        catch (EngineException)
        {
            // The container may be gone by now, and its log with it; what was followed stands.
        }
        return rest;
    }

    /// <summary>null for a line that is no container event.</summary>
    internal static ContainerEvent? ToEvent(string line)
    {
        if (JsonSerializer.Deserialize(line, EngineJson.Default.EventDto) is not { } e || (e.Actor?.Id ?? e.Id) is not { } id
            || (e.Action ?? e.Status) is not { } action)
            return null;
        var attributes = e.Actor?.Attributes ?? [];
        // "health_status: healthy" and "exec_start: sh -c ..." carry a value behind the name.
        if (action.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
        {
            attributes[action[..colon]] = action[(colon + 1)..].Trim();
            action = action[..colon];
        }
        action = action switch
        {
            "died" => "die",
            "destroy" => "remove",
            _ => action,
        };
        var exitCode = action == "die"
            && (attributes.GetValueOrDefault("exitCode") ?? attributes.GetValueOrDefault("containerExitCode")) is { } code
            && int.TryParse(code, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        var at = e.TimeNano > 0 ? DateTimeOffset.UnixEpoch.AddTicks(e.TimeNano / 100) : DateTimeOffset.FromUnixTimeSeconds(e.Time);
        return new ContainerEvent(at, action, id, attributes.GetValueOrDefault("name", ""), exitCode, attributes);
    }

    private static async IAsyncEnumerable<ContainerEvent> ReadEventsAsync(Stream stream,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var lines = new StreamReader(stream, Encoding.UTF8);
        while (await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            if (line.Length > 0 && ToEvent(line) is { } happened)
                yield return happened;
    }

    /// <summary>The items of a stream, with a broken connection told as an <see cref="EngineException"/>.</summary>
    private async IAsyncEnumerable<T> Guarded<T>(HttpResponseMessage response, Func<Stream, CancellationToken, IAsyncEnumerable<T>> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var items = read(stream, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync().ConfigureAwait(false))
                    yield break;
            }
            catch (Exception e) when (EngineHttp.IsTransport(e, cancellationToken))
            {
                throw _http.Unreachable(e);
            }
            yield return items.Current;
        }
    }

    private async Task ThrowUnlessOkAsync(HttpResponseMessage response, string action, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        try
        {
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            throw EngineFailure.From(action, new EngineAnswer((int)response.StatusCode, body, response.Headers));
        }
        }
        catch (Exception e) when (EngineHttp.IsTransport(e, cancellationToken))
        {
            throw _http.Unreachable(e);
        }
    }
}
