using System.CommandLine;
using System.Globalization;
using Mcp.Cli.Arguments;
using Mcp.Cli.Output;
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
            var (answers, errors) =
                await FleetAnswers.GatherAsync(context, (agent, token) => agent.ListRoutesAsync(name, token), cancellationToken);
            var routes = answers.SelectMany(a => a.Value.Select(r => (a.Node, Route: r))).ToList();
            if (context.Json)
                JsonOutput.WriteList(context.Host.Out, routes.Select(r => JsonOutput.Of(r.Node, r.Route)));
            else if (routes.Count > 0)
                Table(routes, context.Config.Nodes.Count > 1).WriteTo(context.Host.Console, context.Width);
            else if (errors.Count == 0)
                context.Hint(name is null ? "There are no routes." : $"Service {name} has no routes.");
            return ExitCode.Of(errors);
        });
        return command;
    }

    private static TableView Table(IEnumerable<(string Node, RouteStatus Route)> routes, bool withNode)
    {
        var table = new TableView(
            new("SERVICE", 99), new("COMPONENT", 98), new("ROUTE", 70), new("MODE", 40), new("PORT", 90, RightAligned: true),
            new("HOST PORT", 95, RightAligned: true), new("HOSTNAME", 60), new("NODE", 80));
        foreach (var (node, r) in routes)
        {
            table.Add(r.Service, r.Component, r.Name, StateText.Of(r.Mode), r.Port.ToString(CultureInfo.InvariantCulture),
                r.HostPort.ToString(CultureInfo.InvariantCulture), r.Hostname ?? "", withNode ? node : "");
        }
        return table;
    }
}
