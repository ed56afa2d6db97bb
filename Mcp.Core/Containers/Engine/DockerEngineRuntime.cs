using System.Net.Http.Headers;

namespace Mcp.Core.Containers.Engine;

/// <summary>
/// A container engine behind the Docker Engine API: docker, and podman's compatible service. This part: containers; the others: the list
/// of them, images and streams.
/// </summary>
public sealed partial class DockerEngineRuntime : IContainerRuntime, IDisposable
{
    /// <summary>How long podman may need to notice that a container's process has ended.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    private readonly EngineHttp _http;
    private readonly TimeProvider _time;
    private string? _name;

    /// <param name="socketPath">A unix socket's path, or "//./pipe/NAME" on Windows.</param>
    public DockerEngineRuntime(string socketPath, TimeProvider? time = null)
    {
        _http = new EngineHttp(socketPath);
        _time = time ?? TimeProvider.System;
    }

    public async Task<string> GetNameAsync(CancellationToken cancellationToken) =>
        _name = (await IdentifyAsync(cancellationToken).ConfigureAwait(false)).Name;

    /// <summary>Name and version from the headers of a ping; these do not tell where the storage is.</summary>
    internal async Task<EngineInfo> IdentifyAsync(CancellationToken cancellationToken)
    {
        var answer = await _http.AskAsync(HttpMethod.Get, "_ping", null, EngineHttp.PingTimeout, cancellationToken).ConfigureAwait(false);
        // "Libpod/4.3.1 (linux)", "Docker/20.10.24+dfsg1 (linux)".
        var product = answer.Headers.Server.Select(s => s.Product).OfType<ProductHeaderValue>().FirstOrDefault();
        if (!answer.IsSuccess || product?.Version is null)
            return await GetInfoAsync(cancellationToken).ConfigureAwait(false);
        var api = answer.Headers.TryGetValues("Api-Version", out var versions) ? versions.First() : "";
        return new EngineInfo(product.Name == "Libpod" ? "podman" : "docker", product.Version, api, null);
    }

    public async Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken)
    {
        var answer = await _http.AskAsync(HttpMethod.Get, "version", cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw EngineFailure.From("ask the engine for its version", answer);
        var version = answer.Read(EngineJson.Default.VersionDto);
        var info = await _http.AskAsync(HttpMethod.Get, "info", cancellationToken).ConfigureAwait(false);
        var root = info.IsSuccess ? info.Read(EngineJson.Default.SystemInfoDto).DockerRootDir : null;
        var isPodman = version.Components?.Exists(c => c.Name?.StartsWith("Podman", StringComparison.OrdinalIgnoreCase) == true) == true;
        return new EngineInfo(isPodman ? "podman" : "docker", version.Version ?? "", version.ApiVersion ?? "", root);
    }

    public async Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        var action = $"create container {spec.Name} from {spec.Image}";
        await RequireNetworkAsync(spec, cancellationToken).ConfigureAwait(false);
        EngineException? failure = null;
        foreach (var image in spec.ImageId is { } id ? [id] : LocalNames(spec.Image))
        {
            var answer = await _http.AskAsync(
                HttpMethod.Post,
                $"containers/create?name={Uri.EscapeDataString(spec.Name)}",
                EngineHttp.Json(ContainerTranslation.ToRequest(spec, image), EngineJson.Default.CreateDto),
                EngineHttp.AnswerTimeout,
                cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccess)
                return answer.Read(EngineJson.Default.CreatedDto).Id;
            failure ??= EngineFailure.From(action, answer);
            if (failure.Error != EngineError.ImageNotFound)
                break;
        }
        throw failure!;
    }

    public async Task<string> RunAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        var id = await CreateAsync(spec, cancellationToken).ConfigureAwait(false);
        try
        {
            await StartAsync(id, spec.Name, cancellationToken).ConfigureAwait(false);
            return id;
        }
        catch
        {
            try
            {
                await RemoveAsync(id, CancellationToken.None).ConfigureAwait(false);
            }
            catch (EngineException)
            {
                // The caller must get the reason of the failed start; the left-over container is found again by its labels.
            }
            throw;
        }
    }

    public Task StartAsync(string container, CancellationToken cancellationToken) => StartAsync(container, container, cancellationToken);

    public async Task RemoveAsync(string container, CancellationToken cancellationToken)
    {
        var path = EnginePath.OfContainer(container, "?force=1&v=1");
        for (var attempt = 1; ; attempt++)
        {
            var answer = await _http.AskAsync(HttpMethod.Delete, path, cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccess)
                return;
            var failure = EngineFailure.From($"remove container {container}", answer);
            if (failure.Error == EngineError.NotFound)
                return;
            if (attempt == 5)
                throw failure;
            // It may be going away already (409), or stuck: paused, or not reachable by its runtime for a moment.
            if (!await UnpauseAsync(container, cancellationToken).ConfigureAwait(false))
                await _http.AskAsync(HttpMethod.Post, EnginePath.OfContainer(container, "/kill"), cancellationToken).ConfigureAwait(false);
            await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt * attempt), _time, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task RenameAsync(string container, string newName, CancellationToken cancellationToken)
    {
        var answer = await _http.AskAsync(
            HttpMethod.Post, EnginePath.OfContainer(container, $"/rename?name={Uri.EscapeDataString(newName)}"), cancellationToken)
            .ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw EngineFailure.From($"rename container {container} to {newName}", answer);
    }

    public async Task<ContainerInfo?> InspectAsync(string container, CancellationToken cancellationToken) =>
        await AskAboutAsync(container, cancellationToken).ConfigureAwait(false) is { } asked ? ContainerTranslation.ToInfo(asked) : null;

    public void Dispose() => _http.Dispose();

    /// <summary>null: there is no such container.</summary>
    private async Task<ContainerDto?> AskAboutAsync(string container, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        for (var wait = TimeSpan.FromMilliseconds(10); ; wait *= 2)
        {
            var answer = await _http.AskAsync(HttpMethod.Get, EnginePath.OfContainer(container, "/json"), cancellationToken)
                .ConfigureAwait(false);
            if (answer.IsSuccess)
                return answer.Read(EngineJson.Default.ContainerDto);
            // podman says 500 when the container goes away in the middle of it.
            var failure = EngineFailure.From($"inspect container {container}", answer);
            if (failure.Error == EngineError.NotFound)
                return null;
            // podman looks into /proc for a container that it believes to run. When its process has just ended, that fails until podman has
            // noticed the end itself.
            if (!EngineFailure.IsEndedProcess(failure) || _time.GetElapsedTime(started) > EndPatience)
                throw failure;
            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task StartAsync(string container, string shownName, CancellationToken cancellationToken)
    {
        var path = EnginePath.OfContainer(container, "/start");
        var answer = await _http.AskAsync(HttpMethod.Post, path, cancellationToken).ConfigureAwait(false);
        if (!Done(answer) && await UnpauseAsync(container, cancellationToken).ConfigureAwait(false))
            return;
        if (!Done(answer))
            throw EngineFailure.From($"start container {shownName}", answer);
    }

    /// <summary>True when it was paused and now runs.</summary>
    private async Task<bool> UnpauseAsync(string container, CancellationToken cancellationToken) =>
        await InspectAsync(container, cancellationToken).ConfigureAwait(false) is { State: ContainerState.Paused }
        && (await _http.AskAsync(HttpMethod.Post, EnginePath.OfContainer(container, "/unpause"), cancellationToken)
            .ConfigureAwait(false)).IsSuccess;

    /// <summary>docker notices a missing network only at the start; podman at the creation.</summary>
    private async Task RequireNetworkAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Network is not { } network
            || network is "host" or "none" or "default" or "bridge" or "podman" or "private" or "slirp4netns" or "pasta"
            || network.Contains(':', StringComparison.Ordinal)
            || (_name ?? await GetNameAsync(cancellationToken).ConfigureAwait(false)) == "podman")
            return;
        var answer = await _http.AskAsync(HttpMethod.Get, EnginePath.OfNetwork(network), cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw EngineFailure.From($"create container {spec.Name} in network {network}", answer);
    }

    /// <summary>304: nothing to do.</summary>
    private static bool Done(EngineAnswer answer) => answer.IsSuccess || answer.Status == 304;
}
