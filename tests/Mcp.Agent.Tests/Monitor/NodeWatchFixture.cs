using Mcp.Agent.Events;
using Mcp.Agent.Monitor;
using Mcp.Agent.Ownership;
using Mcp.Agent.Tests.Deploy;
using Mcp.Agent.Tests.Engine;
using Mcp.Agent.Registry;
using Mcp.Agent.Tests.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Planning;
using Mcp.Core.Status;
using Mcp.Testing;
using Mcp.Testing.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Agent.Tests.Monitor;

/// <summary>A node with a fake engine, its registry database, and the clock in the test's hand.</summary>
internal sealed class NodeWatchFixture : IDisposable
{
    public NodeWatchFixture(MonitorOptions? options = null)
    {
        Options = options ?? new();
        Engine = new(Time);
        Engine.AddImage("app:v1");
        Events = new(Registry.Database, new(), Time);
        Busy = new(Time);
        Alerts = new(new(Options, Time), Events, Options, Time, NullLogger<AlertQueue>.Instance);
        var own = new OwnContainers(Engine, DeployFixture.Agent, Registry.Store);
        Watch = new(own, Watches.Of(Engine, Time), Registry.Store, Events, Busy, State, Alerts, Options, Time);
    }

    public MonitorOptions Options { get; }

    public FakeTimeProvider Time { get; } = new();

    public FakeContainerRuntime Engine { get; }

    public RegistryFixture Registry { get; } = new();

    public EventLog Events { get; }

    public BusyServices Busy { get; }

    public MonitorState State { get; } = new();

    public AlertQueue Alerts { get; }

    public NodeWatch Watch { get; }

    public IEnumerable<string> Kinds => Events.Query(new()).Select(e => e.Kind);

    public void Dispose() => Registry.Dispose();

    /// <summary>A service with one component of the same name, stored and running.</summary>
    public async Task DeployAsync(string service, string restart = "no")
    {
        await RunAsync(service, service, restart);
        Store(service);
    }

    public async Task<string> RunAsync(string service, string name, string restart = "no") => await Engine.RunAsync(
        new()
        {
            Name = name,
            Image = "app:v1",
            RestartPolicy = restart,
            Labels =
                new([new(ContainerLabels.Managed, "true"), new(ContainerLabels.Service, service), new(ContainerLabels.Component, service)]),
        },
        CancellationToken.None);

    public void Store(string service)
    {
        var stored = StoredServices.Small(service);
        Registry.Store.Save(stored with
        {
            Components = stored.Components.Select(
                c => c with { ContainerId = Engine.Containers.FirstOrDefault(x => x.Name == service)?.Id }).ToValueList(),
        });
    }

    public Task SweepAsync() => Watch.SweepAsync(CancellationToken.None);

    public async Task SweepAfterAsync(TimeSpan span)
    {
        Time.Advance(span);
        await SweepAsync();
    }

    public StoredComponent Stored(string service) => Registry.Store.Find(service)!.Components[0];

    public ObservedState Observed(string service) => Stored(service).Observed;
}
