using Mcp.Agent.Audit;
using Mcp.Agent.Auth;
using Mcp.Agent.Deploy;
using Mcp.Agent.Deploy.Health;
using Mcp.Agent.Deploy.Journal;
using Mcp.Agent.Events;
using Mcp.Agent.Monitor;
using Mcp.Agent.Ownership;
using Mcp.Agent.Ports;
using Mcp.Agent.Registry;
using Mcp.Agent.Tests.Deploy.Crash;
using Mcp.Agent.Tests.Engine;
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

    internal static readonly Owner Agent = new("0123456789ab", "here");

    private readonly TempFolder _folder;
    private readonly ProbeSource? _probes;

    /// <param name="probes">null: nothing is asked; nobody listens on the fake engine's ports.</param>
    public DeployFixture(ProbeSource? probes = null)
        : this(probes, new FakeContainerRuntime(), new TempFolder())
    {
    }

    private DeployFixture(ProbeSource? probes, FakeContainerRuntime engine, TempFolder folder)
    {
        (_probes, Engine, _folder) = (probes, engine, folder);
        probes ??= (_, _) => [];
        Runtime = new(Engine);
        Database = RegistryDatabase.Open(_folder.File("registry.db"));
        Services = new(Database);
        Events = new(Database, new EventOptions(), TimeProvider.System);
        Operations = new(new BusyServices(TimeProvider.System), TimeProvider.System, NullLogger<OperationHost>.Instance);
        var options = new DeployOptions { StayUp = TimeSpan.FromMilliseconds(30), KeepReleases = 4 };
        var time = TimeProvider.System;
        Table = new(Services, Routes);
        var own = new OwnContainers(Runtime, Agent, Services);
        var watch = Watches.Of(Runtime);
        Status = new(own, watch, Services, Operations, Table, Noticed, NullLogger<StatusReader>.Instance);
        Allocator = new(Services, new PortOptions { Range = new(20000, 20099), Ephemeral = new(0, -1) }, Random.Shared, (_, port, _) =>
            !BusyPorts.Contains(port));
        Journal = new(Database, time);
        Releases = new(Database);
        Audit = new(Database, time);
        var undo = new StepUndo(Runtime, Table);
        var slots = new EngineSlots();
        var events = new SharedEvents(Runtime, NullLogger<SharedEvents>.Instance);
        var steps = new StepRunner(
            Runtime, own, new ImagePuller(Runtime),
            new HealthGate(Runtime, events, probes, options, time, NullLogger<HealthGate>.Instance),
            new TaskGate(Runtime, events, time, NullLogger<TaskGate>.Instance), Table, time);
        var rollback = new Rollback(undo, slots, time, NullLogger<Rollback>.Instance);
        var executor = new PlanExecutor(
            steps, slots, Table, Journal, rollback, (step, moment) => Hook(step, moment), time,
            NullLogger<PlanExecutor>.Instance);
        var planner = new OperationPlanner(new ServiceObserver(Runtime, own), Services, new ServicePorts(Allocator), Releases, time);
        var closing = new OperationClosing(Journal, Events, NullLogger<OperationClosing>.Instance);
        var settlement = new Settlement(
            planner, Journal, executor, rollback, undo, Table, closing, Services, time, NullLogger<Settlement>.Instance);
        Recovery = new(Operations, Journal, settlement, Table, time, NullLogger<Recovery>.Instance);
        Retention = new(Releases, Runtime, Agent, options, NullLogger<ReleaseRetention>.Instance);
        Deployer = new(Operations, Recovery, planner, Journal, executor, Retention, closing, Status, Runtime, watch, time);
    }

    /// <summary>The agent that is started after this one was killed: the same engine and registry database, and nothing else. Only it is to
    /// be disposed.</summary>
    internal DeployFixture StartAnew() => new(_probes, Engine, _folder);

    /// <summary>As the monitor would fill it.</summary>
    internal MonitorState Noticed { get; } = new();

    internal OperationJournal Journal { get; }

    internal ReleaseStore Releases { get; }

    internal AuditLog Audit { get; }

    internal Recovery Recovery { get; }

    internal ReleaseRetention Retention { get; }

    /// <summary>This agent's hold on the engine.</summary>
    internal MortalRuntime Runtime { get; }

    internal StatusReader Status { get; }

    internal RouteTable Table { get; }

    /// <summary>Told of the routes of services.</summary>
    internal RecordingRegistrar Routes { get; } = new();

    /// <summary>Called before and after each step.</summary>
    internal StepHook Hook { get; set; } = (_, _) => Task.CompletedTask;

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
        await EndAsync(await Deployer.DeployAsync(
            definition, component, new() { Images = pins ?? ImagePins.None }, Alice, null, CancellationToken.None));

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
        Recovery.Dispose();
        Table.Dispose();
        Operations.Dispose();
        Database.Dispose();
        _folder.Dispose();
    }
}
