using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Images;

/// <summary>A node with real podman and agent, and a real image registry that wants a login, which the node has.</summary>
public sealed class ImageNodeFixture : IAsyncLifetime, IMayBeUnavailable
{
    private readonly TempFolder _folder = new("mcp-e2e-");

    public string? Unavailable { get; private set; }

    internal TestRegistry Registry { get; private set; } = null!;

    internal PodmanEngine Engine { get; private set; } = null!;

    internal RunningAgent Agent { get; private set; } = null!;

    internal string AgentDirectory => Path.Combine(_folder.Path, "agent");

    public async Task InitializeAsync()
    {
        try
        {
            Registry = await TestRegistry.StartAsync(new TestRegistryOptions { Login = true });
            Engine = await PodmanEngine.StartWithLoginsAsync(Workshop.Login(Registry.Address), [Registry.Address]);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            Unavailable = "no working podman or no image registry here: " + e.Message;
            return;
        }
        Agent = await RunningAgent.StartAsync(AgentDirectory, Engine.SocketPath);
    }

    public async Task DisposeAsync()
    {
        if (Agent is not null)
            await Agent.DisposeAsync();
        if (Engine is not null)
            await Engine.DisposeAsync();
        if (Registry is not null)
            await Registry.DisposeAsync();
        _folder.Dispose();
    }

    internal Workshop Open()
    {
        var workshop = new Workshop(AgentDirectory);
        workshop.LogIn(Registry.Address);
        return workshop;
    }

    /// <summary>Names of the containers that a service has on the node.</summary>
    internal async Task<IReadOnlyList<string>> ContainersAsync(string service) =>
        [.. (await Engine.Runtime.ListAsync(new Dictionary<string, string> { ["mcp.service"] = service }, default)).Select(c => c.Name)];
}
