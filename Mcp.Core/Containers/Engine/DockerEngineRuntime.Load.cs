using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;

namespace Mcp.Core.Containers.Engine;

public sealed partial class DockerEngineRuntime
{
    private const string Loading = "load an image archive";

    public async Task<IReadOnlyList<string>> LoadImageAsync(Stream archive, CancellationToken cancellationToken)
    {
        var content = new ArchiveContent(archive);
        try
        {
            using var response = await _http.OpenAsync(HttpMethod.Post, "images/load?quiet=1", content,
                cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
                throw EngineFailure.From(Loading, new EngineAnswer((int)response.StatusCode, body, response.Headers));
            }
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false),
                Encoding.UTF8);
            var loaded = new List<string>();
            while (await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
                loaded.AddRange(ReadLoaded(line));
            // docker answers a bare 200 for what is not an archive.
            return loaded.Count > 0
                ? loaded
                : throw EngineFailure.From(Loading, 200, "invalid tar header: the engine found no image in it", pulling: null);
        }
        catch (Exception) when (content.ReadFailure is not null)
        {
            // The failure of the engine's connection only follows from it.
            ExceptionDispatchInfo.Throw(content.ReadFailure);
            throw;
        }
        catch (Exception e) when (EngineHttp.IsTransport(e, cancellationToken))
        {
            throw _http.Unreachable(e);
        }
    }

    /// <summary>
    /// The names in one line of the answer: docker says one a line, podman all in one; an image without a name goes by its id.
    /// </summary>
    internal static IEnumerable<string> ReadLoaded(string line)
    {
        if (line.Length == 0 || JsonSerializer.Deserialize(line, EngineJson.Default.ProgressDto) is not { } step)
            return [];
        if (step.Error is { Length: > 0 } error)
            throw EngineFailure.From(Loading, 200, error.Trim(), pulling: null);
        var text = step.Stream?.Trim() ?? "";
        return text.StartsWith("Loaded image", StringComparison.Ordinal)
            && text.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon
            ? text[(colon + 2)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [];
    }
}
