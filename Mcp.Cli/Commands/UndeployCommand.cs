using System.CommandLine;
using Mcp.Cli.Arguments;
using Mcp.Cli.Operations;
using Mcp.Core.Operations;

namespace Mcp.Cli.Commands;

internal static class UndeployCommand
{
    public static Command Create(CommandBinding binding)
    {
        var target = ServiceTarget.Argument("The service, or one component of it").CompletedBy(binding);
        var yes = Confirmation.Yes();
        var command = new Command("undeploy", "Stop and remove a service's containers and free its ports.") { target, yes };
        var options = OperationArguments.OfLifecycle(command);
        binding.Bind(command, async (context, cancellationToken) =>
        {
            var named = context.Arguments.GetRequiredValue(target)!;
            Confirmation.Require(context, yes, $"undeploy {named}");
            var agent = await context.AgentOfAsync(named.Service, cancellationToken);
            var question =
                $"Undeploy {named} from {agent.Node.Name}? Its containers are removed and its ports freed; data in volumes stays.";
            if (!await Confirmation.AskAsync(context, yes, question, cancellationToken))
                return ExitCode.Failed;
            var updates =
                agent.RunAsync(OperationKind.Undeploy, named.Service, named.Component, options.Read(context.Arguments), cancellationToken);
            return await new OperationFollower(context, agent.Node.Name, named.ToString()).FollowAsync(updates, cancellationToken);
        });
        return command;
    }
}
