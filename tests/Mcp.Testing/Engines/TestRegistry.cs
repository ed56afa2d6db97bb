using System.Net;
using System.Net.Sockets;

namespace Mcp.Testing.Engines;

/// <summary>A real image registry (docker-registry) over plain HTTP on a free port of 127.0.0.1.</summary>
public sealed class TestRegistry : IAsyncDisposable
{
    // A user whose password nobody knows: that every login fails is the point.
    private const string SomeoneElse = "nobody:$2y$05$abcdefghijklmnopqrstuuqwWMzKt5N8p.u2GX5MuH1t19BMWuLOW";

    private readonly TempFolder _folder;
    private readonly ChildProcess _process;

    private TestRegistry(TempFolder folder, ChildProcess process, int port)
    {
        _folder = folder;
        _process = process;
        Address = $"127.0.0.1:{port}";
    }

    /// <summary>host:port, as in image references.</summary>
    public string Address { get; }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <param name="locked">Every request needs a login that nobody has.</param>
    public static async Task<TestRegistry> StartAsync(bool locked = false)
    {
        var folder = new TempFolder("mcp-reg-");
        var port = FreePort();
        var auth = locked ? $"auth: {{htpasswd: {{realm: test, path: {folder.Write("htpasswd", SomeoneElse)}}}}}" : "";
        var config = folder.Write("config.yml", $$"""
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: {{folder.Path}}/data} }
            http: {addr: "127.0.0.1:{{port}}"}
            {{auth}}
            """);
        var registry = new TestRegistry(folder, ChildProcess.Start(ChildProcess.Find("docker-registry")!, ["serve", config]), port);
        using var client = new HttpClient();
        await Eventually.TrueAsync(
            async () => (int)(await client.GetAsync(new Uri($"http://{registry.Address}/v2/"))).StatusCode is 200 or 401,
            TimeSpan.FromSeconds(20),
            () => "docker-registry does not answer: " + registry._process.Output);
        return registry;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
