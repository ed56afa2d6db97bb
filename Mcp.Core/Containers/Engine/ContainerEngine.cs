namespace Mcp.Core.Containers.Engine;

/// <summary>The engine of this machine: found, or started by us.</summary>
public sealed class ContainerEngine : IAsyncDisposable
{
    private readonly DockerEngineRuntime _runtime;
    private readonly PodmanService? _service;

    private ContainerEngine(DockerEngineRuntime runtime, EngineInfo info, string socketPath, string origin, PodmanService? service)
    {
        _runtime = runtime;
        _service = service;
        Info = info;
        SocketPath = socketPath;
        Origin = origin;
    }

    public IContainerRuntime Runtime => _runtime;

    /// <summary>As of when it was found.</summary>
    public EngineInfo Info { get; }

    public string SocketPath { get; }

    /// <summary>How it was found, for the log: "configuration", "DOCKER_HOST", "podman's system socket", "own podman service".</summary>
    public string Origin { get; }

    /// <summary>
    /// Finds an engine that answers: the configured socket; DOCKER_HOST, CONTAINER_HOST; the usual sockets of podman and docker; otherwise
    /// our own podman service.
    /// </summary>
    /// <param name="log">Output and restarts of our own service.</param>
    /// <exception cref="EngineException">Nothing was found: the message names what was tried, the remedy what to install.</exception>
    public static Task<ContainerEngine> OpenAsync(
        EngineSettings settings, Action<string> log, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(settings, EngineSurroundings.Machine, log, time, cancellationToken);

    internal static async Task<ContainerEngine> OpenAsync(
        EngineSettings settings, EngineSurroundings machine, Action<string> log, TimeProvider time, CancellationToken cancellationToken)
    {
        var tried = new List<string>();
        foreach (var candidate in EngineLocator.Candidates(settings, machine))
        {
            var runtime = new DockerEngineRuntime(candidate.SocketPath, time);
            try
            {
                var info = await runtime.IdentifyAsync(cancellationToken).ConfigureAwait(false);
                return new ContainerEngine(runtime, info, candidate.SocketPath, candidate.Origin, null);
            }
            catch (EngineException e)
            {
                runtime.Dispose();
                var exists = EngineSocket.IsPipe(candidate.SocketPath) || machine.FileExists(candidate.SocketPath);
                tried.Add(
                    $"{candidate.SocketPath} ({candidate.Origin}: {(exists ? e.InnerException?.Message ?? e.Message : "not there")})");
            }
            catch
            {
                runtime.Dispose();
                throw;
            }
        }

        if (EngineLocator.PodmanProgram(settings, machine) is not { } podman)
        {
            if (settings.Kind != EngineKind.Docker && settings.Socket is not { Length: > 0 } && !machine.IsWindows)
                tried.Add("podman on PATH");
            throw EngineLocator.NothingFound(settings, tried);
        }
        return await StartOwnAsync(settings, podman, log, time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Our own service is ended, and started again; null: the engine is somebody else's.</summary>
    public Func<Task>? Restart => _service is null ? null : _service.RestartAsync;

    /// <summary>Stops our own service; containers keep running.</summary>
    public async ValueTask DisposeAsync()
    {
        _runtime.Dispose();
        if (_service is not null)
            await _service.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<ContainerEngine> StartOwnAsync(
        EngineSettings settings, string podman, Action<string> log, TimeProvider time, CancellationToken cancellationToken)
    {
        var service = new PodmanService(podman, settings.DataDirectory, log, time);
        try
        {
            await service.StartAsync(cancellationToken).ConfigureAwait(false);
            var runtime = new DockerEngineRuntime(service.SocketPath, time);
            var info = await runtime.IdentifyAsync(cancellationToken).ConfigureAwait(false);
            return new ContainerEngine(runtime, info, service.SocketPath, "own podman service", service);
        }
        catch
        {
            await service.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
