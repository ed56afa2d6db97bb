using System.CommandLine;

namespace Mcp.Cli.Commands;

internal static class ConfigCommand
{
    public static Command Create(CommandBinding binding) =>
        new("config", "This workstation's settings.") { ConfigShowCommand.Create(binding) };
}
