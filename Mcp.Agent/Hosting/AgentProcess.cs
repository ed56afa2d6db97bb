namespace Mcp.Agent.Hosting;

/// <summary>The agent as a process: from start to a signal, and what systemd and the log hear of it.</summary>
internal static class AgentProcess
{
    /// <param name="ready">Called once it listens.</param>
    public static async Task<int> RunAsync(AgentConfig config, Func<AgentHost, Task> ready, CancellationToken cancellationToken)
    {
        var systemd = SystemdNotify.FromEnvironment();
        await using var agent = await AgentHost.StartAsync(config, TimeProvider.System, replace: null, cancellationToken);
        var log = agent.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AgentProcess));
        log.LogInformation("mcp-agent {Version} listens on {Address}, certificate SHA-256 {Fingerprint}, data in {DataDirectory}",
            Node.AgentIdentity.BuildVersion, agent.Address, agent.Fingerprint, config.DataDirectory);
        await ready(agent);
        systemd.Ready($"listening on {agent.Address}");

        var clean = await agent.WaitAsync(
            () =>
            {
                systemd.Stopping();
                log.LogInformation("Stopping; containers go on");
            },
            cancellationToken);
        return clean ? ExitCodes.Done : ExitCodes.Failed;
    }
}
