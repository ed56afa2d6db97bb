using System.CommandLine;
using Mcp.Cli.Arguments;
using Mcp.Cli.Output;
using Mcp.Core;
using Mcp.Core.Client;
using Mcp.Core.Status;
using Spectre.Console;

namespace Mcp.Cli.Commands;

internal static class StatusCommand
{
    public static Command Create(CommandBinding binding)
    {
        var service =
            new Argument<string?>("service") { Description = "Only this service", Arity = ArgumentArity.ZeroOrOne }.CompletedBy(binding);
        var command = new Command("status", "Show services with each component's state, ports and problems.") { service };
        binding.Bind(command, async (context, cancellationToken) =>
        {
            var name = context.Arguments.GetValue(service);
            // All are fetched even when one is named: the error for an unknown name lists them.
            var (answers, errors) =
                await FleetAnswers.GatherAsync(context, (agent, token) => agent.GetStatusAsync(null, token), cancellationToken);
            var known = answers.SelectMany(a => a.Value.Services.Select(s => (a.Node, Status: s))).ToList();
            var shown = known.Where(s => name is null || s.Status.Name == name).ToList();
            if (context.Json)
                JsonOutput.WriteList(context.Host.Out, shown.Select(s => JsonOutput.Of(s.Node, s.Status)));
            else
                Show(context, shown);
            var troubles = NodeNotes.Report(context, answers);
            if (shown.Count == 0 && errors.Count == 0 && name is not null)
                throw NotDeployed(context, name, known.Select(s => s.Status.Name));
            if (shown.Count == 0 && errors.Count == 0)
                context.Hint("Nothing is deployed.");
            return ExitCode.Of([.. errors, .. troubles]);
        });
        return command;
    }

    private static void Show(CommandContext context, List<(string Node, ServiceStatus Status)> services)
    {
        foreach (var ((node, status), index) in services.Select((s, i) => (s, i)))
        {
            var deployed = status.DeployedAt is { } at
                ? $", deployed {RelativeTime.Ago(at, context.Now)}{(status.DeployedBy.Length > 0 ? " by " + status.DeployedBy : "")}" : "";
            context.Host.Console.Write(new Paragraph(index > 0 ? "\n" : "")
                .Append(status.Name, StateStyle.Strong)
                .Append($" on {node}{(status.Active ? "" : ", not active")}{deployed}\n", StateStyle.Off));
            ComponentTable.OfOneService(status.Components, context.Now).WriteTo(context.Host.Console, context.Width, indent: 2);
        }
    }

    private static McpException NotDeployed(CommandContext context, string name, IEnumerable<string> known) => new(
        ErrorKind.NotFound, "unknown-service",
        $"service {name} is not deployed on {string.Join(", ", context.Fleet.Nodes.Select(n => n.Name))}",
        context.Services.Names()
            .Contains(name)
                ? $"deploy it with `mcp deploy {name}`"
                : NearestName.Remedy(name, [.. known.Concat(context.Services.Names()).Distinct()], "services"));
}
