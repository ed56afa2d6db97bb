using System.CommandLine;

namespace Mcp.Cli.Commands;

internal static class DefinitionCommand
{
    public static Command Create(CommandBinding binding) =>
        new("definition", "Service definition files.") { DefinitionCheckCommand.Create(binding) };
}
