using System.CommandLine;

namespace Mcp.Agent.Hosting.Commands;

/// <summary>mcp-agent run --config FILE</summary>
internal static class RunCommand
{
    public static Command Create(TextWriter output)
    {
        var config = ConfigOption();
        var command = new Command("run", "Runs the agent until SIGTERM or Ctrl+C; also as a service of systemd or Windows.") { config };
        command.SetAction((parsed, cancellationToken) => AgentHost.RunAsync(
            AgentConfigReader.Load(parsed.GetRequiredValue(config)),
            async agent =>
            {
                await output.WriteLineAsync($"fingerprint: {agent.Fingerprint}");
                await output.WriteLineAsync($"ready: {agent.Address.AbsoluteUri.TrimEnd('/')}");
            },
            cancellationToken));
        return command;
    }

    public static Option<string> ConfigOption() => new("--config")
    {
        Description = "The agent's configuration file.",
        HelpName = "FILE",
        DefaultValueFactory = _ => AgentPaths.ConfigFile,
    };
}
