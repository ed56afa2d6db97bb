using System.CommandLine;

namespace Mcp.Cli.Commands;

internal static class RouteCommand
{
    public static Command Create(CommandBinding binding) => new("route", "List routes.") { RouteListCommand.Create(binding) };
}
