using System.CommandLine;
using System.Globalization;
using Mcp.Cli.Arguments;
using Mcp.Cli.Output;
using Mcp.Core.Collections;
using Mcp.Core.Status;
using Mcp.Core;

namespace Mcp.Cli.Commands;

internal static class RouteListCommand
{
    public static Command Create(CommandBinding binding)
    {
        var service =
            new Argument<string?>("service") { Description = "Only this service", Arity = ArgumentArity.ZeroOrOne }.CompletedBy(binding);
        var command = new Command("list", "List routes and their host ports.") { service };
        binding.Bind(command, async (context, cancellationToken) =>
        {
            var name = context.Arguments.GetValue(service);
            var table = Table();
            var (answers, errors) = await FleetAnswers.GatherAsync(
                context, (agent, token) => agent.ListRoutesAsync(name, token), cancellationToken, context.Json ? null : Show);
            if (context.Json)
                JsonOutput.WriteList(
                    context.Host.Out, answers.SelectMany(a => a.Value.Select(r => JsonOutput.Of(a.Node, r))));
            else if (table.Count == 0 && errors.Count == 0)
                context.Hint(name is null ? "There are no routes." : $"Service {name} has no routes.");
            return ExitCode.Of(errors);

            void Show(IReadOnlyList<(string Node, ValueList<RouteStatus> Routes)> some)
            {
                AddTo(table, some, context.Config.Nodes.Count > 1);
                table.WriteTo(context.Host.Console, context.Width);
            }
        });
        return command;
    }

    private static TableView Table() => new(
        new("SERVICE", 99), new("COMPONENT", 98), new("ROUTE", 70), new("MODE", 40), new("PORT", 90, RightAligned: true),
        new("HOST PORT", 95, RightAligned: true), new("HOSTNAME", 60), new("NODE", 80));

    private static void AddTo(TableView table, IEnumerable<(string Node, ValueList<RouteStatus> Routes)> answers, bool withNode)
    {
        foreach (var (node, r) in answers.SelectMany(a => a.Routes.Select(r => (a.Node, r))))
        {
            table.Add(r.Service, r.Component, r.Name, StateText.Of(r.Mode), r.Port.ToString(CultureInfo.InvariantCulture),
                r.HostPort.ToString(CultureInfo.InvariantCulture), r.Hostname ?? "", withNode ? node : "");
        }
    }
}
