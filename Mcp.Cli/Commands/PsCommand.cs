using System.CommandLine;
using Mcp.Cli.Output;

namespace Mcp.Cli.Commands;

internal static class PsCommand
{
    public static Command Create(CommandBinding binding)
    {
        var command = new Command("ps", "List the components on all nodes.");
        binding.Bind(command, async (context, cancellationToken) =>
        {
            var (answers, errors) =
                await FleetAnswers.GatherAsync(context, (agent, token) => agent.GetStatusAsync(null, token), cancellationToken);
            var components = answers.SelectMany(a => a.Value.SelectMany(s => s.Components.Select(c => (a.Node, Status: c)))).ToList();
            if (context.Json)
                JsonOutput.WriteList(context.Host.Out, components.Select(c => JsonOutput.Of(c.Node, c.Status)));
            else if (components.Count > 0)
                ComponentTable.OfFleet(components, context.Now, context.Config.Nodes.Count > 1)
                    .WriteTo(context.Host.Console, context.Width);
            else if (errors.Count == 0)
                context.Hint($"Nothing is deployed on {string.Join(", ", context.Fleet.Nodes.Select(n => n.Name))}.");
            return ExitCode.Of(errors);
        });
        return command;
    }
}
