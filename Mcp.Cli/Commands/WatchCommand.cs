using System.CommandLine;
using Mcp.Cli.Operations;

namespace Mcp.Cli.Commands;

internal static class WatchCommand
{
    public static Command Create(CommandBinding binding)
    {
        var operation = new Argument<string>("operation") { Description = "The id that a deploy printed when it was left" };
        var command = new Command("watch", "Follow an operation that is running on a node.") { operation };
        binding.Bind(command, async (context, cancellationToken) =>
        {
            context.ConnectsToNodesOnly();
            var agent = context.Fleet.Client(context.Config.SelectNode(context.SingleNode));
            var updates = agent.WatchOperationAsync(context.Arguments.GetRequiredValue(operation), cancellationToken);
            return await new OperationFollower(context, agent.Node.Name).FollowAsync(updates, cancellationToken);
        });
        return command;
    }
}
