using System.CommandLine;
using Mcp.Core.Client.Workstation;

namespace Mcp.Cli.Commands;

internal static class NodeRemoveCommand
{
    public static Command Create(CommandBinding binding)
    {
        var name = new Argument<string>("name") { Description = "The node's name" };
        name.CompletionSources.Add(completion => binding.NodeNames(completion.ParseResult));
        var command = new Command("remove", "Take a node out of the config. What runs there goes on.") { name };
        binding.Bind(command, context =>
        {
            var node = context.Arguments.GetRequiredValue(name);
            new WorkstationConfigEditor(context.Host.Environment, context.Config).Remove(node);
            context.Hint($"Removed {node} from {context.Config.File.Value}. What runs there goes on; its agent still accepts the token (mcp-agent token revoke).");
            return ExitCode.Done;
        });
        return command;
    }
}
