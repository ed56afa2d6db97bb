using System.Text.Json;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd;

/// <summary>A node: real podman with storage of its own, a real agent, and the hello image. Shared by a class's tests; each uses services
/// of its own name.</summary>
public sealed class NodeFixture : IAsyncLifetime, IMayBeUnavailable
{
    public const string Image = "localhost/mcp-hello:v1";

    private readonly TempFolder _folder = new("mcp-e2e-");

    public string? Unavailable { get; private set; }

    internal PodmanEngine Engine { get; private set; } = null!;

    internal RunningAgent Agent { get; private set; } = null!;

    internal string AgentDirectory => _folder.File("agent", "x")[..^2];

    internal string ConfigFile => Path.Combine(AgentDirectory, "mcp.toml");

    internal string ServicesDirectory => Path.Combine(AgentDirectory, "services");

    public async Task InitializeAsync()
    {
        try
        {
            Engine = await PodmanEngine.StartAsync();
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            Unavailable = "no working podman here: " + e.Message;
            return;
        }
        var context = _folder.File("hello", "busybox");
        File.Copy(ChildProcess.Find("busybox")!, context);
        foreach (var file in (string[])["Dockerfile", "serve.sh"])
            File.Copy(Path.Combine(SourceTree.Root, "samples", "hello", file), Path.Combine(Path.GetDirectoryName(context)!, file));
        await ChildProcess.RunAsync(
            "podman", [.. Engine.GlobalArguments, "build", "-q", "--build-arg", "VERSION=v1", "-t", Image, Path.GetDirectoryName(context)!],
            Engine.Environment);
        await StartAgentAsync();
        Directory.CreateDirectory(ServicesDirectory);
    }

    public async Task DisposeAsync()
    {
        if (Agent is not null)
            await Agent.DisposeAsync();
        if (Engine is not null)
            await Engine.DisposeAsync();
        _folder.Dispose();
    }

    internal async Task StartAgentAsync() => Agent = await RunningAgent.StartAsync(AgentDirectory, Engine.SocketPath);

    internal Task<CliResult> McpAsync(params string[] arguments) => McpAsync(ConfigFile, arguments);

    internal Task<CliResult> McpAsync(string config, string[] arguments)
    {
        var info = Programs.Start(Programs.Mcp, arguments);
        info.Environment["MCP_CONFIG"] = config;
        info.Environment["MCP_SERVICES_DIR"] = ServicesDirectory;
        return CliResult.OfAsync(info);
    }

    /// <summary>A small file on the node; returns its path.</summary>
    internal string Write(string name, string text) => _folder.Write(name, text);

    /// <summary>In docker's format: OCI's has no HEALTHCHECK.</summary>
    internal async Task BuildAsync(string image, string dockerfile)
    {
        var context = Directory.CreateDirectory(_folder.File("build-" + Guid.NewGuid().ToString("N"), "x")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(context, "Dockerfile"), dockerfile);
        await ChildProcess.RunAsync(
            "podman", [.. Engine.GlobalArguments, "build", "-q", "--format", "docker", "-t", image, context], Engine.Environment);
    }

    internal void Define(string service, string toml) => File.WriteAllText(Path.Combine(ServicesDirectory, service + ".toml"), toml);

    /// <summary>Route name to host port.</summary>
    internal async Task<Dictionary<string, int>> RoutePortsAsync(string service) =>
        (await McpAsync("route", "list", service, "--json")).Expect(0).Json.EnumerateArray()
            .ToDictionary(
                r => $"{r.GetProperty("component").GetString()}/{r.GetProperty("name").GetString()}",
                r => r.GetProperty("hostPort").GetInt32());

    internal async Task<JsonElement> ComponentAsync(string service, string component) =>
        (await McpAsync("ps", "--json")).Expect(0).Json.EnumerateArray()
            .Single(c => c.GetProperty("service").GetString() == service && c.GetProperty("component").GetString() == component);
}
