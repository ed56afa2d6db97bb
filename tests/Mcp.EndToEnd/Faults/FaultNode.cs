using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Faults;

[CollectionDefinition(Name)]
public sealed class FaultCollection : ICollectionFixture<FaultNode>
{
    public const string Name = "faults";
}

/// <summary>A node for breaking: real podman with storage of its own, a real agent that can be held and killed, a client that watches. One
/// for all fault tests.</summary>
public sealed class FaultNode : IAsyncLifetime, IMayBeUnavailable
{
    private readonly TempFolder? _folder;
    private AgentClient? _client;

    public FaultNode()
    {
        _folder = new("mcp-fault-");
        Directory = Path.Combine(_folder.Path, "agent");
    }

    private FaultNode(PodmanEngine engine, string directory) => (Engine, Directory) = (engine, directory);

    public string? Unavailable { get; private set; }

    internal PodmanEngine Engine { get; private set; } = null!;

    internal FaultyAgent Agent { get; private set; } = null!;

    internal AgentClient Client => _client ??= new AgentClient(
        WorkstationConfig.Load(WorkstationEnvironment.Current, Path.Combine(Directory, "mcp.toml")).SelectNode(null), new());

    internal string Directory { get; }

    /// <summary>An image registry that does not send layers to their end.</summary>
    internal BrokenRegistry Registry { get; private set; } = null!;

    internal string Database => Path.Combine(Directory, "agent", "registry.db");

    public async Task InitializeAsync()
    {
        try
        {
            Registry = BrokenRegistry.Start();
            Engine = await PodmanEngine.StartAsync(Registry.Address);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            Unavailable = "no working podman here: " + e.Message;
            return;
        }
        await StartAgentAsync();
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        if (Agent is not null)
            await Agent.DisposeAsync();
        if (_folder is null)
            return;
        if (Engine is not null)
            await Engine.DisposeAsync();
        if (Registry is not null)
            await Registry.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Another agent on the same engine, with its data elsewhere.</summary>
    internal async Task<FaultNode> StartBesideAsync(string directory)
    {
        var beside = new FaultNode(Engine, directory);
        await beside.StartAgentAsync();
        return beside;
    }

    internal async Task StartAgentAsync() => Agent = await FaultyAgent.StartAsync(Directory, Engine.SocketPath);

    internal async Task KillAgentAsync() => await Agent.KillAsync();

    internal Task<WatchedOperation> DeployAsync(ServiceDefinition definition) =>
        WatchedOperation.FollowAsync(Client.DeployAsync(definition, null, OperationOptions.Default, CancellationToken.None));

    /// <summary>Begins a deploy and returns when it has come to a point.</summary>
    /// <param name="action">The first step that does this; "before" it.</param>
    internal async Task<HeldDeploy> HoldAsync(ServiceDefinition definition, string action)
    {
        var plan = await Client.PlanAsync(definition, null, OperationOptions.Default, CancellationToken.None);
        var point = $"{definition.Name} before {plan.Steps.First(s => s.Action == action).Index}";
        var held = await Agent.HoldAsync(point);
        var operation = await DeployAsync(definition);
        await held;
        return new(point, operation);
    }

    /// <summary>Waits until a service stands as it should; what it stands like, if it never does.</summary>
    internal async Task<string> SettledAsync(ServiceDefinition shape, string wanted)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var standing = await Standing.OfAsync(this, shape);
        while (standing.ToString() != wanted && clock.Elapsed < TimeSpan.FromSeconds(60))
        {
            await Task.Delay(200);
            standing = await Standing.OfAsync(this, shape);
        }
        return standing.ToString();
    }

    /// <summary>Must succeed.</summary>
    internal async Task<OperationEnded> DeployWellAsync(ServiceDefinition definition)
    {
        var ended = await (await DeployAsync(definition)).EndAsync();
        Assert.True(
            ended.Outcome == OperationOutcome.Succeeded,
            $"the deploy of {definition.Name} ended as {ended.Outcome}: {ended.Message}\n{Agent.Output}");
        return ended;
    }
}

/// <summary>A deploy that waits at a point until it is released.</summary>
internal sealed record HeldDeploy(string Point, WatchedOperation Operation);
