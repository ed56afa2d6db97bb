using Mcp.Agent.Engine;
using Mcp.Agent.Events;
using Mcp.Agent.Monitor;
using Mcp.Agent.Ownership;
using Mcp.Agent.Tests.Deploy;
using Mcp.Agent.Tests.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Containers.Engine;
using Mcp.Core.Planning;
using Mcp.Core.Status;
using Mcp.Testing.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Mcp.Agent.Tests.Monitor;

/// <summary>The monitor over real podman, in real time.</summary>
[Trait("Group", "contract")]
public sealed class RealEngineTests(RealEngineTests.Podman podman) : IClassFixture<RealEngineTests.Podman>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RegistryFixture _registry = new();

    public void Dispose() => _registry.Dispose();

    [EngineFact]
    public async Task Monitor_ContainerStoppedByHandAndStartedAgain_ReportsDriftAndItsEnd()
    {
        await DeployAsync("steady", "sleep 600");
        await using var monitor = await StartMonitorAsync(new());

        await podman.Engine.Runtime.StopAsync("steady", TimeSpan.Zero, CancellationToken.None);
        var drift = await monitor.UntilAsync("drift");
        await podman.Engine.Runtime.StartAsync("steady", CancellationToken.None);
        await monitor.UntilAsync("drift-ended");

        Assert.StartsWith("desired running, observed exited (exit code 137)", drift.Message, StringComparison.Ordinal);
        Assert.Equal(
            ["running", "exited", "exited", "running"],
            monitor.Events.Query(new()).Where(e => e.Kind == "state").SelectMany(e => (string[])[e.From, e.To]));
    }

    [EngineFact]
    public async Task Monitor_CrashLoop_IsFlapping()
    {
        // No sweep will come: what it knows of the crashes, it knows from the engine's events.
        await using var monitor = await StartMonitorAsync(new() { SweepInterval = TimeSpan.FromHours(1) });
        using (monitor.Busy.Enter("crash"))
            await DeployAsync("crash", "sleep 1; exit 3", restart: "always");

        await monitor.UntilAsync("flapping");
    }

    [EngineFact]
    public async Task Monitor_EngineRestarted_IsLostAndBackOnceAndNothingElse()
    {
        await DeployAsync("quiet", "sleep 600");
        await using var monitor = await StartMonitorAsync(new());

        // Not before it was noticed: an engine that is back sooner was never lost.
        await podman.Engine.StopServiceAsync();
        await monitor.UntilAsync("engine-lost");
        await podman.Engine.StartServiceAsync();
        await monitor.UntilAsync("engine-back");

        Assert.Equal(["engine-lost", "engine-back"], monitor.Events.Query(new()).Select(e => e.Kind));
        Assert.Equal(ObservedState.Running, _registry.Store.Find("quiet")!.Components[0].Observed);
    }

    private async Task DeployAsync(string service, string script, string restart = "no")
    {
        var id = await podman.Engine.Runtime.RunAsync(
            new()
            {
                Name = service,
                Image = TestEngine.Image,
                Command = ["sh", "-c", script],
                RestartPolicy = restart,
                Labels = new(
                    [new(ContainerLabels.Managed, "true"), new(ContainerLabels.Service, service), new(ContainerLabels.Component, service)]),
            },
            CancellationToken.None);
        var stored = StoredServices.Small(service);
        _registry.Store.Save(stored with { Components = stored.Components.Select(c => c with { ContainerId = id }).ToValueList() });
    }

    private async Task<RunningMonitor> StartMonitorAsync(MonitorOptions options)
    {
        var events = new EventLog(_registry.Database, new(), TimeProvider.System);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IContainerRuntime>(_ => new DockerEngineRuntime(podman.Engine.SocketPath))
            .AddSingleton(_registry.Store)
            .AddSingleton(DeployFixture.Agent)
            .AddSingleton<OwnContainers>()
            .AddSingleton<EngineRestart>(_ => Task.FromResult(false))
            .AddSingleton<EngineWatch>()
            .AddSingleton(events)
            .AddSingleton(
                options with { DriftAfter = TimeSpan.FromSeconds(1),
                    SweepInterval = options.SweepInterval > TimeSpan.FromMinutes(1)
                        ? options.SweepInterval
                        : TimeSpan.FromMilliseconds(300) })
            .AddMonitor();
        var host = builder.Build();
        await host.StartAsync();
        var state = host.Services.GetRequiredService<MonitorState>();
        await Testing.Eventually.TrueAsync(
            () => Task.FromResult(_registry.Store.KnownServices.All(s => state.Of(s, s).Observed == ObservedState.Running)), Patience,
            () => "the monitor does not see what runs");
        return new(host, events, host.Services.GetRequiredService<BusyServices>());
    }

    private sealed record RunningMonitor(IHost Host, EventLog Events, BusyServices Busy) : IAsyncDisposable
    {
        public async Task<EventEntry> UntilAsync(string kind)
        {
            using var limit = new CancellationTokenSource(Patience);
            try
            {
                await foreach (var happened in Events.FollowAsync(new(), limit.Token))
                    if (happened.Kind == kind)
                        return happened;
            }
            catch (OperationCanceledException)
            {
                // Told below, with what came instead.
            }
            throw new TimeoutException($"no {kind}, only: {string.Join("; ", Events.Query(new()).Select(e => $"{e.Kind} {e.Message}"))}");
        }

        public async ValueTask DisposeAsync()
        {
            await Host.StopAsync();
            Host.Dispose();
        }
    }

    public sealed class Podman : IAsyncLifetime, IMayBeUnavailable
    {
        public string? Unavailable { get; private set; }

        public PodmanEngine Engine { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            try
            {
                Engine = await PodmanEngine.StartAsync();
            }
            catch (Exception e) when (e is InvalidOperationException or TimeoutException or EngineException)
            {
                Unavailable = $"no podman here: {e.Message}";
            }
        }

        public async Task DisposeAsync()
        {
            if (Engine is not null)
                await Engine.DisposeAsync();
        }
    }
}
