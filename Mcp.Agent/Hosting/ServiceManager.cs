using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Console;

namespace Mcp.Agent.Hosting;

/// <summary>
/// systemd or the Windows service manager, when one of them started the agent: it is told when the agent serves and when it stops.
/// </summary>
internal static class ServiceManager
{
    private const string NotifySocket = "NOTIFY_SOCKET";

    /// <summary>Changes nothing when the agent was started from a console.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddWindowsService(options => options.ServiceName = "mcp-agent");

        // Not AddSystemd: it looks only at the name of the parent process, and so misses a systemd that starts the agent through a script.
        var notifier = new SystemdNotifier();
        if (!notifier.IsEnabled && !SystemdHelpers.IsSystemdService())
            return;

        // The notifier has read it. Programs that the agent starts, the engine among them, must not report to systemd in its place.
        Environment.SetEnvironmentVariable(NotifySocket, null);
        services.AddSingleton<ISystemdNotifier>(notifier);
        services.AddSingleton<IHostLifetime, SystemdLifetime>();
        services.Configure<ConsoleLoggerOptions>(options => options.FormatterName = ConsoleFormatterNames.Systemd);
    }

    /// <summary>What `systemctl status` shows beside the state. READY and STOPPING are the lifetime's.</summary>
    public static void ReportStatus(WebApplication app)
    {
        if (app.Services.GetService<ISystemdNotifier>() is not { } systemd)
            return;
        app.Lifetime.ApplicationStarted.Register(() => systemd.Notify(new($"STATUS=listening on {Listener.AddressOf(app)}")));
        app.Lifetime.ApplicationStopping.Register(() => systemd.Notify(new("STATUS=stopping; containers keep running")));
    }
}
