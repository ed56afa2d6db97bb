namespace Mcp.Testing.Engines;

/// <summary>A real dockerd with data, containerd, socket and bridge of its own. It leaves the host's packet filter alone; published ports
/// go through docker's userland proxy.</summary>
public sealed class DockerEngine : TestEngine
{
    private DockerEngine()
    {
    }

    public override string CommandLine => "docker -H unix://" + SocketPath;

    public override IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public static async Task<DockerEngine> StartAsync()
    {
        if (ChildProcess.Find("dockerd") is not { } dockerd)
            throw new InvalidOperationException("dockerd is not installed");
        if (ChildProcess.Find("ip") is not { } ip)
            throw new InvalidOperationException("'ip' (iproute2), needed for a bridge of its own, is not installed");
        var engine = new DockerEngine();
        try
        {
            await ChildProcess.RunAsync(ip, ["link", "add", engine.Bridge, "type", "bridge"]);
            await ChildProcess.RunAsync(ip, ["address", "add", engine.Subnet + ".1/24", "dev", engine.Bridge]);
            await ChildProcess.RunAsync(ip, ["link", "set", engine.Bridge, "up"]);
            await engine.StartAsync(dockerd,
            [
                "--storage-driver=overlay2",
                "--data-root", engine.Folder.Path + "/data",
                "--exec-root", engine.Folder.Path + "/exec",
                "--pidfile", engine.Folder.Path + "/docker.pid",
                "-H", "unix://" + engine.SocketPath,
                "--bridge", engine.Bridge,
                "--iptables=false", "--ip6tables=false", "--ip-masq=false", "--ip-forward=false",
                "--default-address-pool",
                $"base={engine.Subnet[..engine.Subnet.LastIndexOf('.')].Replace("10.2", "10.1", StringComparison.Ordinal)}.0.0/16,size=24",
                "--log-level", "warn",
            ]);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
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
}
