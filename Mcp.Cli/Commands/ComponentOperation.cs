using System.CommandLine;
using Mcp.Cli.Arguments;
using Mcp.Cli.Operations;
using Mcp.Core.Operations;
using Mcp.Core;

namespace Mcp.Cli.Commands;

/// <summary>start, stop and restart.</summary>
internal static class ComponentOperation
{
    public static Command Create(CommandBinding binding, OperationKind kind, string description)
    {
        var target = ServiceTarget.Argument("The service, or one component of it").CompletedBy(binding);
        var command = new Command(StateText.Of(kind), description) { target };
        var options = OperationArguments.OfLifecycle(command);
        binding.Bind(command, async (context, cancellationToken) =>
        {
            var named = context.Arguments.GetRequiredValue(target)!;
            var agent = await context.AgentOfAsync(named.Service, cancellationToken);
            var updates = agent.RunAsync(kind, named.Service, named.Component, options.Read(context.Arguments), cancellationToken);
            return await new OperationFollower(context, agent.Node.Name, named.ToString()).FollowAsync(updates, cancellationToken);
        });
        return command;
    }
}
