using System.CommandLine;

namespace Mcp.Cli.Commands;

internal static class ImageCommand
{
    public static Command Create(CommandBinding binding) =>
        new("image", "Send images to nodes.") { ImageSendCommand.Create(binding) };
}
