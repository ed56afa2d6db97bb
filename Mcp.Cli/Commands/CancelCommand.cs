using System.CommandLine;
using Mcp.Cli.Arguments;
using Mcp.Cli.Output;
using Mcp.Core;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Commands;

internal static class CancelCommand
{
    public static Command Create(CommandBinding binding)
    {
        var service = new Argument<string>("service") { Description = "The service whose operation is to end" }.CompletedBy(binding);
        var command = new Command("cancel", "Cancel the operation that runs on a service, and take back what it has done.") { service };
        binding.Bind(command, async (context, cancellationToken) =>
        {
            var name = context.Arguments.GetRequiredValue(service);
            var agent = await context.AgentOfAsync(name, cancellationToken);
            var cancelled = await agent.CancelOperationAsync(name, cancellationToken);
            context.Hint($"Cancelling the {StateText.Of(cancelled.Kind)} of {name} by {cancelled.Actor}"
                + $" (operation {cancelled.OperationId} on {agent.Node.Name})");
            var end = await agent.WatchOperationAsync(cancelled.OperationId, cancellationToken).OfType<OperationEnded>()
                .FirstAsync(cancellationToken);
            if (context.Json)
                JsonOutput.WriteLine(context.Host.Out, JsonOutput.Of(agent.Node.Name, end));
            if (end.Outcome != OperationOutcome.RolledBack)
            {
                ErrorView.Write(
                    context.Host.Error, $"the {StateText.Of(cancelled.Kind)} of {name} was not taken back: {end.Message}", end.Remedy);
                return ExitCode.Failed;
            }
            if (context is { Json: false, Quiet: false })
                context.Host.Console.Write(new Text($"{name}: {end.Message}; it is as before\n", StateStyle.Strong));
            return ExitCode.Done;
        });
        return command;
    }
}
