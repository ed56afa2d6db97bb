namespace Mcp.Core.Containers.Engine;

/// <summary>Where an engine may be; candidates are tried in order.</summary>
/// <param name="Origin">Why it is looked for there, for messages: "configuration", "DOCKER_HOST", "podman's system socket".</param>
internal sealed record EngineCandidate(string SocketPath, string Origin);

/// <summary>What the locator may know of the machine.</summary>
internal sealed record EngineSurroundings
{
    public required Func<string, string?> Environment { get; init; }

    public required Func<string, bool> FileExists { get; init; }

    public required bool IsWindows { get; init; }

    public static EngineSurroundings Machine { get; } = new()
    {
        Environment = System.Environment.GetEnvironmentVariable,
        FileExists = File.Exists,
        IsWindows = OperatingSystem.IsWindows(),
    };
}

/// <summary>
/// Decides where to look for an engine. Looks at names only; whether an engine answers is checked by <see cref="ContainerEngine"/>.
/// </summary>
internal static class EngineLocator
{
    /// <summary>A configured socket is the only candidate: another engine must not take its place.</summary>
    public static IReadOnlyList<EngineCandidate> Candidates(EngineSettings settings, EngineSurroundings machine)
    {
        if (settings.Socket is { Length: > 0 } configured)
            return [new EngineCandidate(PathOf(configured, "the configured engine socket"), "configuration")];

        var found = new List<EngineCandidate>();
        void Variable(string name)
        {
            if (machine.Environment(name) is { Length: > 0 } address && EngineSocket.PathOf(address) is { } path)
                found.Add(new EngineCandidate(path, name));
        }
        void Usual(string? path, string origin)
        {
            if (path is not null && !found.Exists(c => c.SocketPath == path))
                found.Add(new EngineCandidate(path, origin));
        }

        var podman = settings.Kind is EngineKind.Auto or EngineKind.Podman;
        var docker = settings.Kind is EngineKind.Auto or EngineKind.Docker;
        if (docker)
            Variable("DOCKER_HOST");
        if (podman)
            Variable("CONTAINER_HOST");
        if (machine.IsWindows)
        {
            if (podman)
                Usual("//./pipe/podman-machine-default", "podman machine's pipe");
            if (docker)
                Usual("//./pipe/docker_engine", "docker's pipe");
            return found;
        }
        if (podman)
        {
            Usual("/run/podman/podman.sock", "podman's system socket");
            var runtime = machine.Environment("XDG_RUNTIME_DIR");
            Usual(string.IsNullOrEmpty(runtime) ? null : runtime + "/podman/podman.sock", "podman's user socket");
        }
        if (docker)
            Usual("/var/run/docker.sock", "docker's socket");
        return found;
    }

    /// <summary>The podman program, to run our own service; null when that is not possible.</summary>
    public static string? PodmanProgram(EngineSettings settings, EngineSurroundings machine) =>
        settings.Kind == EngineKind.Docker || settings.Socket is { Length: > 0 } || machine.IsWindows ? null : Program("podman", machine);

    public static string? Program(string name, EngineSurroundings machine) =>
        (machine.Environment("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => folder + "/" + name)
            .FirstOrDefault(machine.FileExists);

    /// <summary>The error when no engine answered.</summary>
    public static EngineException NothingFound(EngineSettings settings, IReadOnlyList<string> tried)
    {
        var name = settings.Kind switch { EngineKind.Podman => "podman", EngineKind.Docker => "docker", _ => "container engine" };
        var list = tried.Count == 0 ? "" : "; tried " + string.Join(", ", tried);
        return new EngineException(
            EngineError.Unreachable,
            $"no {name} found{list}",
            settings.Socket is { Length: > 0 }
                ? "start the engine that listens there, or correct or remove the socket in the configuration"
            : settings.Kind == EngineKind.Docker ? "install docker ('apt-get install docker.io') and start it ('systemctl start docker')"
            : "install podman ('apt-get install podman runc'; nothing needs to be started), or start docker ('systemctl start docker')");
    }

    private static string PathOf(string address, string what) => EngineSocket.PathOf(address) ?? throw new EngineException(
        EngineError.NotSupported,
        $"{what} '{address}' is not a local socket",
        "name a unix socket (unix:///run/podman/podman.sock) or, on Windows, a named pipe (npipe:////./pipe/docker_engine); "
        + "an agent works with the engine of its own machine");
}
