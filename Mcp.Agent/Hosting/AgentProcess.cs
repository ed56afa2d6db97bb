namespace Mcp.Agent.Hosting;

/// <summary>The agent as a process: from start to a signal, and what the log says of it.</summary>
internal static class AgentProcess
{
    /// <param name="ready">Called once it listens.</param>
    public static async Task<int> RunAsync(AgentConfig config, Func<AgentHost, Task> ready, CancellationToken cancellationToken)
    {
        await using var agent = await AgentHost.StartAsync(config, TimeProvider.System, replace: null, cancellationToken);
        var log = agent.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AgentProcess));
        log.LogInformation("mcp-agent {Version} listens on {Address}, certificate SHA-256 {Fingerprint}, data in {DataDirectory}",
            Node.AgentIdentity.BuildVersion, agent.Address, agent.Fingerprint, config.DataDirectory);
        await ready(agent);

        var clean = await agent.WaitAsync(
            () => log.LogInformation("Stopping; containers keep running"),
            cancellationToken);
        return clean ? ExitCodes.Done : ExitCodes.Failed;
    }
}
