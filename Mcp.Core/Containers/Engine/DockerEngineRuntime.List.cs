using System.Text.Json;

namespace Mcp.Core.Containers.Engine;

/// <summary>This part: the list of containers, which asks the engine again only about what has changed.</summary>
public sealed partial class DockerEngineRuntime
{
    private const int ParallelInspections = 8;

    private readonly SeenContainers _seen = new();
    private volatile PodmanFiles? _files;

    public async Task<IReadOnlyList<ContainerInfo>> ListAsync(
        IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        var (stamp, now) = (_files?.Stamp(), _time.GetUtcNow());
        if (stamp is { } files && _seen.Find(labels, files, now) is { } known)
        {
            // An engine that is down or hangs must not go unnoticed.
            await GetNameAsync(cancellationToken).ConfigureAwait(false);
            return known;
        }
        using var listing = _seen.Begin(labels, stamp, now);
        var rows = await ListRowsAsync(labels, cancellationToken).ConfigureAwait(false);
        // The lists of the engines lack restarts, memory kills and exact times, and docker's lacks the ports of what does not run.
        var found = rows.ConvertAll(listing.Find);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, rows.Count).Where(i => found[i] is null).ToList(),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelInspections, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                if (await AskAboutAsync(rows[i].Id, token).ConfigureAwait(false) is not { } asked)
                    return;
                if (_name == "podman" && stamp is null && asked.State?.Pid is > 0 and var pid)
                    _files = PodmanFiles.Find(asked.Id, pid);
                var info = ContainerTranslation.ToInfo(asked);
                // The result of a health check comes and goes without a change of anything else.
                found[i] = info.HealthCheck is { } check ? info with { HealthCheck = check with { Status = "" } } : info;
                listing.Keep(rows[i], found[i]!);
            }).ConfigureAwait(false);
        ContainerInfo[] listed = [.. found.OfType<ContainerInfo>()];
        listing.Complete(listed);
        return listed;
    }

    public async Task<IReadOnlySet<string>> ListRunningAsync(
        IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        (await ListRowsAsync(labels, cancellationToken).ConfigureAwait(false))
            .Where(row => row.State is "running" or "paused").Select(row => row.Id).ToHashSet(StringComparer.Ordinal);

    private async Task<List<ListedContainer>> ListRowsAsync(
        IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        var filter = "";
        if (labels.Count > 0)
        {
            var filters = new Dictionary<string, string[]>
            {
                ["label"] = [.. labels.Select(l => l.Value.Length == 0 ? l.Key : $"{l.Key}={l.Value}")],
            };
            filter = "&filters=" + Uri.EscapeDataString(JsonSerializer.Serialize(filters, EngineJson.Default.DictionaryStringStringArray));
        }
        for (var attempt = 1; ; attempt++)
        {
            _name ??= await GetNameAsync(cancellationToken).ConfigureAwait(false);
            // podman's own list has times and process ids, and takes half the time that podman needs for docker's.
            var path = _name == "podman" ? "../v4.0.0/libpod/containers/json?all=true" : "containers/json?all=1";
            var answer = await _http.AskAsync(HttpMethod.Get, path + filter, cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccess)
                return answer.Read(body => ListedContainer.ReadAll(body));
            // podman's list fails when a container goes away while it is being made; docker does not know podman's.
            _name = null;
            var failure = EngineFailure.From("list containers", answer);
            if (failure.Error != EngineError.NotFound || attempt == 5)
                throw failure;
        }
    }
}
