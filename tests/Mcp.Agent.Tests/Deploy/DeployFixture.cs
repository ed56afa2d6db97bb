using Mcp.Agent.Auth;
using Mcp.Agent.Deploy;
using Mcp.Agent.Deploy.Health;
using Mcp.Agent.Events;
using Mcp.Agent.Monitor;
using Mcp.Agent.Ports;
using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Testing;
using Mcp.Testing.Containers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcp.Agent.Tests.Deploy;

/// <summary>A deployer over the fake engine and a real registry database.</summary>
internal sealed class DeployFixture : IDisposable
{
    internal static readonly Caller Alice = new("alice", Role.Operator, "test");

    private readonly TempFolder _folder = new();

    /// <param name="probes">null: nothing is asked; nobody listens on the fake engine's ports.</param>
    public DeployFixture(ProbeSource? probes = null)
    {
        Engine = new FakeContainerRuntime();
        probes ??= (_, _) => [];
        Database = RegistryDatabase.Open(_folder.File("registry.db"), busyTimeout: TimeSpan.FromSeconds(1));
        Services = new(Database);
        Events = new(Database, new EventOptions(), TimeProvider.System);
        Operations = new(new BusyServices(TimeProvider.System), TimeProvider.System, NullLogger<OperationHost>.Instance);
        var options = new DeployOptions { StayUp = TimeSpan.FromMilliseconds(30) };
        var status = new StatusReader(Engine, Services, new MonitorState(), NullLogger<StatusReader>.Instance);
        Allocator = new(Services, new PortOptions { Range = new(20000, 20099), Ephemeral = new(0, -1) }, Random.Shared, (_, port, _) => !BusyPorts.Contains(port));
        Deployer = new(
            Operations, new ServiceObserver(Engine), Services, new ServicePorts(Allocator),
            new PlanExecutor(Engine, new ImagePuller(Engine), new HealthGate(Engine, probes, options, TimeProvider.System, NullLogger<HealthGate>.Instance), options, TimeProvider.System, NullLogger<PlanExecutor>.Instance),
            status, Events, Engine, TimeProvider.System);
    }

    public FakeContainerRuntime Engine { get; }

    public HashSet<int> BusyPorts { get; } = [];

    internal RegistryDatabase Database { get; }

    internal ServiceStore Services { get; }

    internal EventLog Events { get; }

    internal OperationHost Operations { get; }

    internal PortAllocator Allocator { get; }

    internal Deployer Deployer { get; }

    public static ServiceDefinition Shop(string webImage = "registry/web:v1", string workerImage = "registry/worker:v1") => new()
    {
        Name = "shop",
        Components =
        [
            new() { Name = "web", Image = webImage, Routes = [new() { Name = "site", Port = 443 }] },
            new() { Name = "worker", Image = workerImage },
        ],
    };

    internal async Task<OperationEnded> DeployAsync(ServiceDefinition definition, string? component = null, ImagePins? pins = null) =>
        await EndAsync(await Deployer.DeployAsync(definition, component, pins ?? ImagePins.None, Alice, CancellationToken.None));

    internal static async Task<OperationEnded> EndAsync(Operation operation) => (OperationEnded)(await UpdatesAsync(operation))[^1];

    internal static async Task<ValueList<OperationUpdate>> UpdatesAsync(Operation operation)
    {
        var updates = new List<OperationUpdate>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var update in operation.WatchAsync(patience.Token))
            updates.Add(update);
        return updates.ToValueList();
    }

    public void Dispose()
    {
        Operations.Dispose();
        Database.Dispose();
        _folder.Dispose();
    }
}
