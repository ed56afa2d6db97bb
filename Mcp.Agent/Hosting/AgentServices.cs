using Mcp.Agent.Audit;
using Mcp.Agent.Auth;
using Mcp.Agent.Deploy;
using Mcp.Agent.Deploy.Health;
using Mcp.Agent.Deploy.Journal;
using Mcp.Agent.Engine;
using Mcp.Agent.Events;
using Mcp.Agent.Images;
using Mcp.Agent.Ingress;
using Mcp.Agent.Monitor;
using Mcp.Agent.Node;
using Mcp.Agent.Ownership;
using Mcp.Agent.Ports;
using Mcp.Agent.Registry;
using Mcp.Agent.Rpc;
using Mcp.Core.Containers;
using Mcp.Core.Containers.Engine;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Mcp.Agent.Hosting;

/// <summary>
/// What the agent is made of. Hosted services start in this order, before the port opens, and stop in the reverse one, after it closed.
/// </summary>
internal static class AgentServices
{
    /// <summary>How long calls and operations in progress, then everything else, may take to end.</summary>
    public static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(60);

    /// <summary>Requests are definitions and names; a service with hundreds of components stays far below.</summary>
    private const int MaxRequestSize = 4 * 1024 * 1024;

    public static void Add(IServiceCollection services, AgentConfig config, DataDirectory data, TimeProvider time)
    {
        services.AddSingleton(time);
        services.AddSingleton(new AgentIdentity(config.Name, AgentIdentity.BuildVersion, time.GetUtcNow()));

        // Who may call.
        services.AddSingleton<ITokenValidator>(new TokenStore(data.Tokens, time));
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton(config.Limits);
        services.AddSingleton<ConnectionLimits>();
        services.AddSingleton<SocketTransportFactory>();
        services.AddSingleton<IConnectionListenerFactory, LimitedListenerFactory>();
        services.AddSingleton<Authorizer>();

        // State.
        services.AddSingleton(_ => RegistryDatabase.Open(data.Database));
        services.AddSingleton<ServiceStore>();
        services.AddSingleton(new Owner(AgentId.ReadOrCreate(data.AgentId), config.Name));
        services.AddSingleton<OwnContainers>();
        services.AddSingleton<ReleaseStore>();
        services.AddSingleton<OperationJournal>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditVerifier>();
        services.AddSingleton(config.Audit);
        services.AddHostedService<AuditRetention>();
        services.AddSingleton(config.Copies);
        services.AddHostedService<RegistryCopies>();
        services.AddSingleton(config.Ports);
        services.AddSingleton(provider => new PortAllocator(provider.GetRequiredService<ServiceStore>(), config.Ports));
        services.AddSingleton(config.Events);
        services.AddSingleton<EventLog>();

        // The engine is the first to start and the last to stop.
        AddEngine(services, config, data, time);

        // The machine.
        services.AddSingleton(_ => new CpuSampler(Machine.Cpu, time));
        services.AddHostedService(provider => provider.GetRequiredService<CpuSampler>());
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<NodeStatusReader>(provider, data.Root));

        services.AddSingleton(config.Monitor with { Node = config.Name });
        services.AddMonitor();

        AddOperations(services, config, data);
        AddRpc(services);

        services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownLimit);
        services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
    }

    private static void AddEngine(IServiceCollection services, AgentConfig config, DataDirectory data, TimeProvider time)
    {
        var settings = new EngineSettings
        {
            Kind = config.Engine.Kind switch { "podman" => EngineKind.Podman, "docker" => EngineKind.Docker, _ => EngineKind.Auto },
            Socket = config.Engine.Socket,
            DataDirectory = data.Root,
        };
        services.AddSingleton<EngineSearch>(provider =>
        {
            var log = provider.GetRequiredService<ILogger<OpenEngine>>();
            return async cancellationToken =>
            {
                var engine = await ContainerEngine.OpenAsync(settings, line => log.LogInformation("{Line}", line), time, cancellationToken);
                return new(engine.Runtime, $"{engine.Info.Name} {engine.Info.Version} at {engine.SocketPath} ({engine.Origin})", engine)
                {
                    Restart = engine.Restart,
                };
            };
        });
        services.AddSingleton<NodeEngine>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeEngine>());
        services.AddSingleton<IContainerRuntime>(provider => provider.GetRequiredService<NodeEngine>());
        services.AddSingleton<EngineRestart>(provider => provider.GetRequiredService<NodeEngine>().RestartAsync);
        services.AddSingleton<EngineWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<EngineWatch>());
    }

    /// <summary>Operations outlive the calls that started them; the host waits for them before the parts above stop.</summary>
    private static void AddOperations(IServiceCollection services, AgentConfig config, DataDirectory data)
    {
        services.AddSingleton(config.Deploy);
        services.AddSingleton<OperationHost>();
        services.AddHostedService(provider => provider.GetRequiredService<OperationHost>());
        services.AddSingleton<ServiceObserver>();
        services.AddSingleton<ServicePorts>();
        services.AddSingleton<EngineSlots>();
        services.AddSingleton<SharedEvents>();
        services.AddSingleton<HealthProbes>();
        services.AddSingleton<ProbeSource>(provider => provider.GetRequiredService<HealthProbes>().For);
        services.AddSingleton<HealthGate>();
        services.AddSingleton<ImagePuller>();
        services.AddSingleton<TaskGate>();
        services.AddSingleton<IRouteRegistrar, NoIngress>();
        services.AddSingleton<RouteTable>();
        services.AddSingleton<StepHook>((_, _) => Task.CompletedTask);
        services.AddSingleton<StepRunner>();
        services.AddSingleton<StepUndo>();
        services.AddSingleton<Rollback>();
        services.AddSingleton<PlanExecutor>();
        services.AddSingleton<OperationPlanner>();
        services.AddSingleton<ReleaseRetention>();
        services.AddSingleton<OperationClosing>();
        services.AddSingleton<Settlement>();
        services.AddSingleton<Recovery>();
        services.AddHostedService(provider => provider.GetRequiredService<Recovery>());
        services.AddSingleton<StatusReader>();
        services.AddSingleton<LogReader>();
        services.AddSingleton<Deployer>();
        services.AddSingleton<ImageFinder>();
        services.AddSingleton(new DiskSpace());
        services.AddSingleton(provider => new LayerStore(
            data.Layers, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<DiskSpace>(),
            config.IncomingLayers));
        services.AddSingleton<ImageReceiver>();
    }

    private static void AddRpc(IServiceCollection services)
    {
        services.AddSingleton<NodeAgentService>();
        services.AddSingleton<HealthService>();
        services.AddSingleton<CallAudit>();
        services.AddSingleton<PolicyInterceptor>();
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = MaxRequestSize;
            options.Interceptors.Add<PolicyInterceptor>();
        });
    }
}
