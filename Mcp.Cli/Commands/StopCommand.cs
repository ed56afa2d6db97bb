using System.CommandLine;

namespace Mcp.Cli.Commands;

internal static class StopCommand
{
    public static Command Create(CommandBinding binding) => ComponentOperation.Create(
        binding, "stop", "Stop a service or one component of it; it stays deployed and stays stopped.",
        (agent, target, wait, cancellationToken) => agent.StopAsync(target.Service, target.Component, wait, cancellationToken));
}
