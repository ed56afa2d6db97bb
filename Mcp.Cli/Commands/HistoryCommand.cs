using System.CommandLine;
using Mcp.Cli.Arguments;
using Mcp.Cli.Output;
using Mcp.Core;
using Mcp.Core.Client;

namespace Mcp.Cli.Commands;

internal static class HistoryCommand
{
    public static Command Create(CommandBinding binding)
    {
        var service = new Argument<string>("service") { Description = "The service" }.CompletedBy(binding);
        var tail = TailOption.Create("Only the newest releases of each node");
        var command = new Command(
            "history", "List a service's releases, newest first: what was deployed, by whom, and the outcome.") { service, tail };
        binding.Bind(command, async (context, cancellationToken) =>
        {
            var name = context.Arguments.GetRequiredValue(service);
            var count = context.Arguments.GetValue(tail) ?? int.MaxValue;
            var (answers, errors) =
                await FleetAnswers.GatherAsync(context, (agent, token) => agent.ListReleasesAsync(name, token), cancellationToken);
            var known = answers.SelectMany(a => a.Value.Take(count).Select(r => (a.Node, Release: r))).ToList();
            if (context.Json)
                JsonOutput.WriteList(context.Host.Out, known.Select(r => JsonOutput.Of(r.Node, r.Release)));
            else if (known.Count > 0)
                ReleaseTable.Of(known, context.Now, context.Config.Nodes.Count > 1).WriteTo(context.Host.Console, context.Width);
            if (errors.Count == 0 && answers.All(a => a.Value.Count == 0))
                throw await NeverDeployedAsync(context, name, cancellationToken);
            return ExitCode.Of(errors);
        });
        return command;
    }

    private static async Task<McpException> NeverDeployedAsync(CommandContext context, string name, CancellationToken cancellationToken)
    {
        var defined = context.Services.Names();
        var (answers, _) = await FleetAnswers.GatherAsync(context, (agent, token) => agent.ListServicesAsync(token), cancellationToken);
        var known = answers.SelectMany(a => a.Value.Select(s => s.Definition.Name)).Concat(defined).Distinct().ToList();
        return new(
            ErrorKind.NotFound, "unknown-service",
            $"service {name} has no release on {string.Join(", ", context.Fleet.Nodes.Select(n => n.Name))}",
            defined.Contains(name) ? $"deploy it with `mcp deploy {name}`" : NearestName.Remedy(name, known, "services"));
    }
}
