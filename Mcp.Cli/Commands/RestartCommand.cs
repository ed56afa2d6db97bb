using System.CommandLine;

namespace Mcp.Cli.Commands;

internal static class RestartCommand
{
    public static Command Create(CommandBinding binding) => ComponentOperation.Create(
        binding, "restart", "Restart a service or one component of it.",
        (agent, target, wait, cancellationToken) => agent.RestartAsync(target.Service, target.Component, wait, cancellationToken));
}
