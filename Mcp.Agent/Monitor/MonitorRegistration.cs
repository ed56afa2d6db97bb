namespace Mcp.Agent.Monitor;

internal static class MonitorRegistration
{
    /// <summary>The monitor, started and stopped with the host. Needs MonitorOptions, IContainerRuntime, ServiceStore, EventLog and
    /// TimeProvider.</summary>
    public static IServiceCollection AddMonitor(this IServiceCollection services) => services
        .AddSingleton<BusyServices>()
        .AddSingleton<MonitorState>()
        .AddSingleton<AlertCommand>()
        .AddSingleton<AlertQueue>()
        .AddSingleton<EngineListener>()
        .AddSingleton<NodeWatch>()
        .AddHostedService<MonitorService>();
}
