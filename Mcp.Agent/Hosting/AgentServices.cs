using Mcp.Agent.Auth;
using Mcp.Agent.Node;
using Mcp.Agent.Registry;

namespace Mcp.Agent.Hosting;

/// <summary>What the agent is made of. Hosted services start in this order, before the port opens, and stop in the reverse one, after it closed.</summary>
internal static class AgentServices
{
    /// <summary>How long running operations, then everything else, may take to end.</summary>
    public static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(60);

    public static void Add(IServiceCollection services, AgentConfig config, DataDirectory data, TimeProvider time)
    {
        services.AddSingleton(config);
        services.AddSingleton(data);
        services.AddSingleton(time);
        services.AddSingleton(new AgentIdentity(config.Name, AgentIdentity.BuildVersion, time.GetUtcNow()));

        // State.
        services.AddSingleton(_ => RegistryDatabase.Open(data.Database));
        services.AddSingleton<ServiceStore>();

        // Who may call.
        services.AddSingleton<ITokenValidator>(new TokenStore(data.Tokens, time));
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<Authorizer>();
        services.AddSingleton<AuthInterceptor>();

        // The machine.
        services.AddSingleton(new CpuSampler(Machine.Cpu, time));
        services.AddHostedService(provider => provider.GetRequiredService<CpuSampler>());

        services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownLimit);
        services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
    }
}
