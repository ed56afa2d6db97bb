namespace Mcp.Testing.Engines;

/// <summary>Real podman with storage, networks, events and service of its own. What this machine's podman needs (CONTAINERS_CONF) comes
/// from the environment: see scripts/engine-env.sh.</summary>
public sealed class PodmanEngine : TestEngine
{
    private readonly Dictionary<string, string> _environment = [];

    private PodmanEngine()
    {
    }

    public override IReadOnlyDictionary<string, string> Environment => _environment;

    public IReadOnlyList<string> GlobalArguments =>
        ["--root", Folder.Path + "/root", "--runroot", Folder.Path + "/run", "--tmpdir", Folder.Path + "/tmp", "--network-config-dir",
            Folder.Path + "/net", "--storage-driver", "overlay"];

    /// <summary>The name of the network of containers that ask for none. netavark names its chains of firewall rules after it, and removes
    /// them with the last container of an engine's own: where engines share the name, they take chains from each other.</summary>
    public string DefaultNetwork { get; private set; } = "podman";

    public override string CommandLine => "podman " + string.Join(' ', GlobalArguments);

    /// <param name="insecureRegistries">host:port of registries that speak plain HTTP.</param>
    public static Task<PodmanEngine> StartAsync(params string[] insecureRegistries) => StartWithLoginsAsync(null, insecureRegistries);

    /// <param name="logins">The auth file's text, with which the service pulls; null: the machine's own.</param>
    public static async Task<PodmanEngine> StartWithLoginsAsync(string? logins, IReadOnlyList<string> insecureRegistries)
    {
        if (ChildProcess.Find("podman") is not { } podman)
            throw new InvalidOperationException("podman is not installed");
        var engine = new PodmanEngine();
        try
        {
            engine.Prepare(insecureRegistries);
            // The service does not read REGISTRY_AUTH_FILE, as podman's commands do.
            if (logins is not null)
                engine._environment["XDG_RUNTIME_DIR"] =
                    Path.GetDirectoryName(Path.GetDirectoryName(engine.Folder.Write("runtime/containers/auth.json", logins)))!;
            await engine.StartAsync(podman, [.. engine.GlobalArguments, "system", "service", "--time=0", "unix://" + engine.SocketPath]);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>The engine is down until <see cref="StartServiceAsync"/>; containers live on.</summary>
    public async Task StopServiceAsync()
    {
        await Process.DisposeAsync();
        Runtime.Dispose();
        Raw.Dispose();
    }

    /// <summary>SIGKILL: what it was at is cut off. The engine is down until <see cref="StartServiceAsync"/>; containers live on.</summary>
    public async Task KillServiceAsync()
    {
        await Process.SignalAsync("KILL");
        Runtime.Dispose();
        Raw.Dispose();
    }

    /// <summary>Answers nobody until <see cref="ContinueServiceAsync"/>; connections stay.</summary>
    public Task PauseServiceAsync() => Process.SignalAsync("STOP");

    public Task ContinueServiceAsync() => Process.SignalAsync("CONT");

    public async Task StartServiceAsync()
    {
        await StartAsync(ChildProcess.Find("podman")!, [.. GlobalArguments, "system", "service", "--time=0", "unix://" + SocketPath]);
    }

    public override async ValueTask DisposeAsync()
    {
        if (Process is { HasExited: false })
            await RemoveAllContainersAsync();
        if (Process is not null)
            await Process.DisposeAsync();
        Runtime?.Dispose();
        Raw?.Dispose();
        if (ChildProcess.Find("ip") is not null)
            await TryAsync("ip", "link", "delete", Bridge);
        await DeleteFolderAsync();
    }

    private void Prepare(IReadOnlyList<string> insecureRegistries)
    {
        if (System.Environment.GetEnvironmentVariable("CONTAINERS_CONF") is { Length: > 0 } settings)
        {
            DefaultNetwork = Bridge;
            _environment["CONTAINERS_CONF"] = Folder.Write(
                "containers.conf", $"{File.ReadAllText(settings)}\n[network]\ndefault_network = \"{DefaultNetwork}\"\n");
        }
        // The default network has the same bridge and addresses in every podman; two with separate address books would give one address
        // twice.
        File.WriteAllText(Folder.File("net", DefaultNetwork + ".json"), $$"""
            {
              "name": "{{DefaultNetwork}}",
              "id": "2f259bab93aaaaa2542ba43ef33eb990d0999ee1b9924b557b7be53c0b7a1bb9",
              "driver": "bridge",
              "network_interface": "{{Bridge}}",
              "created": "2026-01-01T00:00:00Z",
              "subnets": [{ "subnet": "{{Subnet}}.0/22", "gateway": "{{Subnet}}.1" }],
              "ipv6_enabled": false,
              "internal": false,
              "dns_enabled": false,
              "ipam_options": { "driver": "host-local" }
            }
            """);
        _environment["CONTAINERS_REGISTRIES_CONF"] = Folder.Write(
            "registries.conf", string.Concat(insecureRegistries.Select(r => $"[[registry]]\nlocation = \"{r}\"\ninsecure = true\n")));
    }
}
