using System.CommandLine;
using Mcp.Cli.Output;
using Mcp.Core.Status;

namespace Mcp.Cli.Commands;

internal static class PsCommand
{
    public static Command Create(CommandBinding binding)
    {
        var command = new Command("ps", "List the components on all nodes.");
        binding.Bind(command, async (context, cancellationToken) =>
        {
            var table = ComponentTable.OfFleet();
            var (answers, errors) = await FleetAnswers.GatherAsync(
                context, (agent, token) => agent.GetStatusAsync(null, token), cancellationToken, context.Json ? null : Show);
            if (context.Json)
                JsonOutput.WriteList(context.Host.Out, Components(answers).Select(c => JsonOutput.Of(c.Node, c.Status)));
            else if (table.Count == 0 && errors.Count == 0)
                context.Hint($"Nothing is deployed on {string.Join(", ", context.Fleet.Nodes.Select(n => n.Name))}.");
            return ExitCode.Of([.. errors, .. NodeNotes.Report(context, answers)]);

            void Show(IReadOnlyList<(string Node, NodeServices Services)> some)
            {
                ComponentTable.AddTo(table, Components(some), context.Now, context.Config.Nodes.Count > 1);
                table.WriteTo(context.Host.Console, context.Width);
            }
        });
        return command;
    }

    private static IEnumerable<(string Node, ComponentStatus Status)> Components(
        IEnumerable<(string Node, NodeServices Services)> answers) =>
        answers.SelectMany(a => a.Services.Services.SelectMany(s => s.Components.Select(c => (a.Node, c))));
}
