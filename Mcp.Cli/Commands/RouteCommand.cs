using System.CommandLine;

namespace Mcp.Cli.Commands;

internal static class RouteCommand
{
    public static Command Create(CommandBinding binding) => new("route", "Ways in from outside.") { RouteListCommand.Create(binding) };
}
