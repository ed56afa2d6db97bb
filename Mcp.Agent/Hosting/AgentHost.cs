using Mcp.Agent.Registry;
using Mcp.Agent.Rpc;
using Mcp.Core;

namespace Mcp.Agent.Hosting;

/// <summary>A running agent and what it holds: the lock of its data directory, its certificate, its listener.</summary>
internal sealed class AgentHost : IAsyncDisposable
{
    private readonly DataDirectoryLock _lock;
    private readonly ServerCertificate _certificate;
    private readonly WebApplication _app;

    private AgentHost(DataDirectoryLock held, ServerCertificate certificate, WebApplication app) =>
        (_lock, _certificate, _app) = (held, certificate, app);

    public Uri Address => Listener.AddressOf(_app);

    public string Fingerprint => _certificate.Fingerprint;

    public IServiceProvider Services => _app.Services;

    /// <summary>Runs an agent until a signal or the service manager stops it. Returns the exit code.</summary>
    /// <param name="ready">Called once it listens.</param>
    public static async Task<int> RunAsync(AgentConfig config, Func<AgentHost, Task> ready, CancellationToken cancellationToken)
    {
        // An agent connects to nothing but its engine's socket.
        MachineTrust.LeaveUnread();
        await using var agent = await StartAsync(config, TimeProvider.System, replace: null, cancellationToken);
        var log = agent._app.Logger;
        log.LogInformation("mcp-agent {Version} listens on {Address}, certificate SHA-256 {Fingerprint}, data in {DataDirectory}",
            Node.AgentIdentity.BuildVersion, agent.Address, agent.Fingerprint, config.DataDirectory);
        await ready(agent);
        var clean = await agent.WaitAsync(() => log.LogInformation("Stopping; containers keep running"), cancellationToken);
        return clean ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>Returns when it listens. Throws <see cref="StartupException"/> with a remedy when it can't.</summary>
    /// <param name="replace">For tests: services that replace real ones.</param>
    public static async Task<AgentHost> StartAsync(
        AgentConfig config, TimeProvider time, Action<IServiceCollection>? replace, CancellationToken cancellationToken)
    {
        var data = new DataDirectory(Path.GetFullPath(config.DataDirectory));
        data.Create();
        var held = DataDirectoryLock.Take(data);
        ServerCertificate? certificate = null;
        WebApplication? app = null;
        try
        {
            certificate = ServerCertificate.LoadOrCreate(config, data, time);
            app = Build(config, data, certificate, time, replace);
            foreach (var warning in certificate.Warnings(time))
                app.Logger.LogWarning("{Warning}", warning);

            // Opened and migrated before anything uses it.
            app.Services.GetRequiredService<RegistryDatabase>();
            await app.StartAsync(cancellationToken);
            return new(held, certificate, app);
        }
        catch (Exception e)
        {
            if (app is not null)
                await app.DisposeAsync();
            certificate?.Dispose();
            held.Dispose();
            throw Explain(e, config) ?? e;
        }
    }

    /// <returns>False when a background service failed and stopped the agent.</returns>
    public async Task<bool> WaitAsync(Action stopping, CancellationToken cancellationToken)
    {
        await using var registration = _app.Lifetime.ApplicationStopping.Register(stopping);
        await _app.WaitForShutdownAsync(cancellationToken);
        var failed = _app.Services.GetServices<IHostedService>().OfType<BackgroundService>()
            .Where(service => service.ExecuteTask?.IsFaulted == true)
            .ToList();
        foreach (var service in failed)
            _app.Logger.LogCritical(service.ExecuteTask!.Exception!.GetBaseException(), "The agent stopped because {Service} failed",
                service.GetType().Name);
        return failed.Count == 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
        _lock.Dispose();
    }

    private static WebApplication Build(
        AgentConfig config, DataDirectory data, ServerCertificate certificate, TimeProvider time, Action<IServiceCollection>? replace)
    {
        // The empty builder: no appsettings.json of whatever directory this was started in, no ASPNETCORE_ variables, no default addresses.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "mcp-agent", ContentRootPath = data.Root });
        AgentLog.Configure(builder.Logging, config.LogLevel);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => Listener.Configure(options, config, certificate));
        AgentServices.Add(builder.Services, config, data, time);
        ServiceManager.Add(builder.Services);
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseMiddleware<AuthenticationMiddleware>();
        app.MapGrpcService<NodeAgentService>();
        app.MapGrpcService<HealthService>();
        ServiceManager.ReportStatus(app);
        return app;
    }

    private static StartupException? Explain(Exception error, AgentConfig config) => error switch
    {
        // It will be damaged next time, too: a service manager is not to try again and again.
        AgentException { Error: AgentError.RegistryCorrupt } e => new(ExitCodes.Usage, e.Message, e.Remedy, e),
        AgentException e => new(ExitCodes.Failed, e.Message, e.Remedy, e),
        OperationCanceledException e => new(ExitCodes.Done, "the agent was stopped while it was starting", "start it again", e),
        _ => Listener.Explain(error, config.Listen),
    };
}
