using System.CommandLine;

namespace Mcp.Cli.Commands;

internal static class NodeCommand
{
    public static Command Create(CommandBinding binding) => new("node", "The nodes that this workstation knows.")
    {
        NodeListCommand.Create(binding),
        NodeAddCommand.Create(binding),
        NodeRemoveCommand.Create(binding),
        NodeStatusCommand.Create(binding),
    };
}
