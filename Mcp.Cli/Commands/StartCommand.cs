using System.CommandLine;

namespace Mcp.Cli.Commands;

internal static class StartCommand
{
    public static Command Create(CommandBinding binding) => ComponentOperation.Create(
        binding, "start", "Start a service or one component of it.",
        (agent, target, wait, cancellationToken) => agent.StartAsync(target.Service, target.Component, wait, cancellationToken));
}
