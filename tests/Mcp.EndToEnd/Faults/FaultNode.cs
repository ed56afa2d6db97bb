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

/// <summary>A node for breaking: real podman with storage of its own, a real agent that can be held and killed, a client that watches. One for all fault tests.</summary>
public sealed class FaultNode : IAsyncLifetime, IMayBeUnavailable
{
    private readonly TempFolder _folder = new("mcp-fault-");
    private AgentClient? _client;

    public string? Unavailable { get; private set; }

    internal PodmanEngine Engine { get; private set; } = null!;

    internal FaultyAgent Agent { get; private set; } = null!;

    internal AgentClient Client => _client ??= new AgentClient(
        WorkstationConfig.Load(WorkstationEnvironment.Current, Path.Combine(Directory, "mcp.toml")).SelectNode(null), new());

    internal string Directory => Path.Combine(_folder.Path, "agent");

    internal string Database => Path.Combine(Directory, "agent", "registry.db");

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
        await StartAgentAsync();
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        if (Agent is not null)
            await Agent.DisposeAsync();
        if (Engine is not null)
            await Engine.DisposeAsync();
        _folder.Dispose();
    }

    internal async Task StartAgentAsync() => Agent = await FaultyAgent.StartAsync(Directory, Engine.SocketPath);

    internal async Task KillAgentAsync() => await Agent.KillAsync();

    internal Task<WatchedOperation> DeployAsync(ServiceDefinition definition) => WatchedOperation.FollowAsync(Client.DeployAsync(definition, null, DeployTerms.Default, CancellationToken.None));

    /// <summary>Must succeed.</summary>
    internal async Task<OperationEnded> DeployWellAsync(ServiceDefinition definition)
    {
        var ended = await (await DeployAsync(definition)).EndAsync();
        Assert.True(ended.Outcome == OperationOutcome.Succeeded, $"the deploy of {definition.Name} ended as {ended.Outcome}: {ended.Message}\n{Agent.Output}");
        return ended;
    }
}
