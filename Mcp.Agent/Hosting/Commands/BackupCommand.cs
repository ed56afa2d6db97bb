using System.CommandLine;

namespace Mcp.Agent.Hosting.Commands;

/// <summary>mcp-agent backup FILE</summary>
internal static class BackupCommand
{
    public static Command Create(TextWriter error)
    {
        var file = new Argument<string>("FILE") { Description = "The file to write; it must not exist yet." };
        var place = new DataPlace();
        var command = new Command(
            "backup", "Writes the agent's state (registry database, tokens, id and certificate) to one file; also while the agent runs.")
        {
            file,
        };
        place.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var target = Path.GetFullPath(parsed.GetRequiredValue(file));
            var names = AgentBackup.Write(place.Find(parsed), target);
            await error.WriteLineAsync($"{target} has {string.Join(", ", names)}; it holds secrets, and only its owner may read it");
            return ExitCodes.Done;
        });
        return command;
    }
}
