using System.Text;
using System.Text.Json;

namespace Mcp.Core.Containers.Engine;

public sealed partial class DockerEngineRuntime
{
    public async Task<ImageInfo?> InspectImageAsync(string image, CancellationToken cancellationToken)
    {
        foreach (var name in LocalNames(image))
        {
            var answer = await _http.AskAsync(HttpMethod.Get, EnginePath.OfImage(name, "/json"),
                cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccess)
            {
                var found = answer.Read(EngineJson.Default.ImageDto);
                return new ImageInfo(
                    found.Id ?? "", found.RepoTags ?? [], found.RepoDigests ?? [], found.Size,
                    EngineTime.Read(found.Created) ?? default, found.Config?.Labels ?? [])
                {
                    Layers = found.RootFS?.Layers ?? [],
                };
            }
            if (answer.Status != 404)
                throw EngineFailure.From($"inspect image {image}", answer);
        }
        return null;
    }

    public async Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellationToken)
    {
        var answer = await _http.AskAsync(HttpMethod.Get, "images/json", cancellationToken).ConfigureAwait(false);
        return answer.IsSuccess
            ? [.. answer.Read(EngineJson.Default.ListListedDto).Select(i => i.Id).Distinct(StringComparer.Ordinal)]
            : throw EngineFailure.From("list images", answer);
    }

    public async Task TagImageAsync(string image, string reference, CancellationToken cancellationToken)
    {
        var colon = reference.LastIndexOf(':');
        var (repository, tag) = colon > reference.LastIndexOf('/') ? (reference[..colon], reference[(colon + 1)..]) : (reference, "latest");
        var answer = await _http.AskAsync(
            HttpMethod.Post, EnginePath.OfImage(image, $"/tag?repo={Uri.EscapeDataString(repository)}&tag={Uri.EscapeDataString(tag)}"),
                cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw EngineFailure.From($"tag image {image} as {reference}", answer);
    }

    public async Task<bool> RemoveImageAsync(string reference, CancellationToken cancellationToken)
    {
        var answer = await _http.AskAsync(HttpMethod.Delete, EnginePath.OfImage(reference, ""),
            cancellationToken).ConfigureAwait(false);
        // 409: a container uses it.
        return answer.IsSuccess || (answer.Status is 404 or 409 ? false : throw EngineFailure.From($"remove image {reference}", answer));
    }

    public async Task PullAsync(string image, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        // Without a tag docker would pull all tags.
        var reference = HasTagOrDigest(image) ? image : image + ":latest";
        using var response = await _http.OpenAsync(HttpMethod.Post, $"images/create?fromImage={Uri.EscapeDataString(reference)}", null,
            cancellationToken).ConfigureAwait(false);
        try
        {
            if (!response.IsSuccessStatusCode)
            {
                var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
                throw EngineFailure.From($"pull image {image}", (int)response.StatusCode, EngineFailure.Words(body), image);
            }

            // Both engines answer 200 before they know; a failure comes later, as a line of the stream.
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false),
                Encoding.UTF8);
            while (await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                if (line.Length == 0 || JsonSerializer.Deserialize(line, EngineJson.Default.ProgressDto) is not { } step)
                    continue;
                if (step.Error is { Length: > 0 } error)
                    throw EngineFailure.From($"pull image {image}", 200, error.Trim(), image);
                string?[] parts = [step.Id, step.Status ?? step.Stream?.Trim(), step.Progress];
                if (progress is not null && string.Join(' ', parts.Where(part => !string.IsNullOrEmpty(part))) is { Length: > 0 } text)
                    progress.Report(text);
            }
        }
        catch (Exception e) when (EngineHttp.IsTransport(e, cancellationToken))
        {
            throw _http.Unreachable(e);
        }
    }

    /// <summary>
    /// The names a local image may go by: podman keeps what it builds as localhost/x, docker as x, and a definition that says either means
    /// that image.
    /// </summary>
    private static IEnumerable<string> LocalNames(string image)
    {
        const string Local = "localhost/";
        yield return image;
        if (image.StartsWith(Local, StringComparison.Ordinal))
            yield return image[Local.Length..];
        else if (!image.Contains('/', StringComparison.Ordinal) && !image.StartsWith("sha256:", StringComparison.Ordinal))
            yield return Local + image;
    }

    private static bool HasTagOrDigest(string image) =>
        image.Contains('@', StringComparison.Ordinal) || image.LastIndexOf(':') > image.LastIndexOf('/');
}
