using System.CommandLine;
using Mcp.Cli.Arguments;
using Mcp.Cli.Operations;
using Mcp.Core.Client;
using Mcp.Core.Operations;

namespace Mcp.Cli.Commands;

/// <summary>start, stop and restart: the same but for what the agent is asked.</summary>
internal static class ComponentOperation
{
    public static Command Create(
        CommandBinding binding, string name, string description,
        Func<AgentClient, ServiceTarget, bool, CancellationToken, IAsyncEnumerable<OperationUpdate>> run)
    {
        var target = ServiceTarget.Argument("The service, or one component of it").CompletedBy(binding);
        var wait = OperationOptions.Wait();
        var command = new Command(name, description) { target, wait };
        binding.Bind(command, async (context, cancellationToken) =>
        {
            var named = context.Arguments.GetRequiredValue(target)!;
            var agent = await context.AgentOfAsync(named.Service, cancellationToken);
            var updates = run(agent, named, context.Arguments.GetValue(wait), cancellationToken);
            return await new OperationFollower(context, agent.Node.Name, named.ToString()).FollowAsync(updates, cancellationToken);
        });
        return command;
    }
}
