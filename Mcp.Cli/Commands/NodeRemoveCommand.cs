using System.CommandLine;
using Mcp.Core.Client.Workstation;

namespace Mcp.Cli.Commands;

internal static class NodeRemoveCommand
{
    public static Command Create(CommandBinding binding)
    {
        var name = new Argument<string>("name") { Description = "The node's name" };
        name.CompletionSources.Add(completion => binding.NodeNames(completion.ParseResult));
        var command = new Command("remove", "Remove a node from the config. Its services keep running.") { name };
        binding.Bind(command, context =>
        {
            var node = context.Arguments.GetRequiredValue(name);
            new WorkstationConfigEditor(context.Host.Environment, context.Config).Remove(node);
            context.Hint(
                $"Removed {node} from {context.Config.File.Value}. Its services keep running, and its agent still accepts the token " +
                $"(revoke it there with mcp-agent token revoke).");
            return ExitCode.Done;
        });
        return command;
    }
}
