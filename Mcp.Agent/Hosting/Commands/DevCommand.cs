using System.CommandLine;
using Mcp.Agent.Deploy;
using Mcp.Core;
using Mcp.Core.Definitions;

namespace Mcp.Agent.Hosting.Commands;

/// <summary>mcp-agent dev --dir DIR [--port N] [--name NAME] [--stay-up TIME]</summary>
internal static class DevCommand
{
    public static Command Create(TextWriter output)
    {
        var directory = new Option<string>("--dir")
        {
            Description = "Directory of all files of this agent; started there again, it resumes with the same data.",
            HelpName = "DIR",
            Required = true,
        };
        var port = new Option<int?>("--port")
        {
            Description = "Loopback port; default: the previous one if it is free, otherwise any.",
            HelpName = "N",
        };
        var name = new Option<string>("--name") { Description = "The node's name.", HelpName = "NAME", DefaultValueFactory = _ => "dev" };
        var stayUp = new Option<string>("--stay-up")
        {
            Description = "How long a started container must stay up to count as healthy; same as [deploy] stay_up in agent.toml.",
            HelpName = "TIME",
            DefaultValueFactory = _ => DurationText.Of(new DeployOptions().StayUp),
        };
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number is < 1 or > 65535)
                result.AddError($"--port {number} is out of range; ports are 1 to 65535.");
        });

        stayUp.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(DurationText.TryParse(result.Tokens[0].Value) <= HealthDefinition.MaxStayUp))
                result.AddError(
                    $"--stay-up {result.Tokens[0].Value} is not a duration from 0s to {DurationText.Of(HealthDefinition.MaxStayUp)}; "
                    + $"{DurationText.Remedy}.");
        });

        var command = new Command(
            "dev",
            "Runs an agent for local use, without a configuration file: loopback only, with its own certificate, token and client config.")
        {
            directory, port, name, stayUp,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var place = new DevDirectory(Path.GetFullPath(parsed.GetRequiredValue(directory)));
            place.Create();
            return AgentHost.RunAsync(
                place.Config(parsed.GetRequiredValue(name), parsed.GetValue(port)) with
                {
                    Deploy = new() { StayUp = DurationText.TryParse(parsed.GetRequiredValue(stayUp))!.Value },
                },
                async agent =>
                {
                    await place.WriteClientFilesAsync(
                        parsed.GetRequiredValue(name), agent.Address.Port, agent.Fingerprint, cancellationToken);
                    await output.WriteLineAsync(place.Instructions(agent.Fingerprint));
                    await output.WriteLineAsync($"ready: {DevDirectory.AddressOf(agent.Address.Port)}");
                },
                cancellationToken);
        });
        return command;
    }
}
