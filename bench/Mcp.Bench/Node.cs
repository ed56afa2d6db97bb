using System.Diagnostics;
using System.Globalization;
using Mcp.Bench.Measuring;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.Bench;

/// <summary>A node of one build: podman with a store of its own, an agent over it, and a workstation that knows it.</summary>
internal sealed class Node : IAsyncDisposable
{
    /// <summary>What every container here runs: it ends at SIGTERM, which `sleep` as process 1 would not.</summary>
    public static readonly string[] Sleep = ["sh", "-c", "trap 'exit 0' TERM; sleep 86400 & wait"];

    private readonly TempFolder _folder = new("mcp-bench-");
    private AgentProcess? _agent;

    private Node(Build build, PodmanEngine engine) => (Build, Engine) = (build, engine);

    public Build Build { get; }

    public PodmanEngine Engine { get; }

    public AgentProcess Agent => _agent ?? throw new InvalidOperationException("the agent does not run");

    public string AgentDirectory => Path.Combine(_folder.Path, "agent");

    /// <summary>The agent's own.</summary>
    public string DataDirectory => Path.Combine(AgentDirectory, "agent");

    public string Services => Path.Combine(AgentDirectory, "services");

    /// <summary>What makes `mcp` talk to this node's agent.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["MCP_CONFIG"] = Path.Combine(AgentDirectory, "mcp.toml"),
        ["MCP_SERVICES_DIR"] = Services,
        ["NO_COLOR"] = "1",
    };

    /// <param name="withAgent">false: it is started later, by <see cref="StartAgentAsync"/>.</param>
    public static async Task<Node> StartAsync(Build build, CancellationToken cancellationToken, bool withAgent = true)
    {
        var node = new Node(build, await PodmanEngine.StartAsync());
        try
        {
            Directory.CreateDirectory(node.Services);
            if (withAgent)
                await node.StartAgentAsync(cancellationToken);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public async Task StartAgentAsync(CancellationToken cancellationToken) =>
        _agent = await AgentProcess.StartAsync(Build, AgentDirectory, Engine.SocketPath, cancellationToken);

    public async Task StopAgentAsync()
    {
        if (_agent is not null)
            await _agent.DisposeAsync();
        _agent = null;
    }

    public Command Mcp(params string[] arguments) => new(Build.Mcp, arguments) { Environment = Environment };

    public Command Podman(params string[] arguments) =>
        new(ChildProcess.Find("podman")!, [.. Engine.GlobalArguments, .. arguments]) { Environment = Engine.Environment };

    /// <summary>A connection of our own to the agent.</summary>
    public AgentClient Connect() => new(LoadConfig().SelectNode(null), new AgentClientOptions());

    public NodeConfig LoadNode() => LoadConfig().SelectNode(null);

    /// <summary>A service whose components do nothing.</summary>
    public void Define(string service, int components, string more = "")
    {
        var command = string.Join(", ", Sleep.Select(word => $"\"{word}\""));
        var text = string.Join("\n", Enumerable.Range(0, components).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""

            [[components]]
            name = "c{{i:000}}"
            image = "{{TestEngine.Image}}"
            cmd = [{{command}}]
            {{more}}
            """)));
        File.WriteAllText(Path.Combine(Services, service + ".toml"), $"name = \"{service}\"\n{text}\n");
    }

    /// <summary>All containers of the store; much faster than undeploying, which stops each in good order.</summary>
    public Task RemoveContainersAsync(CancellationToken cancellationToken) =>
        (Podman("rm", "-f", "-a", "-t", "0") with { MayFail = true }).RunAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await StopAgentAsync();
        await RemoveContainersAsync(CancellationToken.None);
        await Engine.DisposeAsync();
        _folder.Dispose();
    }

    private WorkstationConfig LoadConfig() => WorkstationConfig.Load(
        WorkstationEnvironment.Current with { Variable = name => Environment.GetValueOrDefault(name) });
}
