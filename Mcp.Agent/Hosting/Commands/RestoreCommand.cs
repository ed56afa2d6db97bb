using System.CommandLine;

namespace Mcp.Agent.Hosting.Commands;

/// <summary>mcp-agent restore FILE</summary>
internal static class RestoreCommand
{
    public static Command Create(TextWriter error)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "A file of `mcp-agent backup`, or a copy of the registry database.",
        };
        var place = new DataPlace();
        var command = new Command(
            "restore", "Puts a backup in the place of the agent's state, which is kept beside it. The agent must be stopped.")
        {
            file,
        };
        place.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var (names, aside) = AgentBackup.Restore(place.Find(parsed), Path.GetFullPath(parsed.GetRequiredValue(file)));
            await error.WriteLineAsync($"restored {string.Join(", ", names)}; what was there before is in {aside}");
            await error.WriteLineAsync("start the agent; then `mcp status` shows services that were changed since the backup");
            return ExitCodes.Done;
        });
        return command;
    }
}
