using Mcp.Core.Client;

namespace Mcp.Cli.Commands;

/// <summary>Answers of several nodes, gathered: values by node in the config's order, so that two runs look alike; errors reported as they
/// come.</summary>
internal static class FleetAnswers
{
    public static async Task<(IReadOnlyList<(string Node, T Value)> Values, IReadOnlyList<McpException> Errors)> GatherAsync<T>(
        CommandContext context, Func<AgentClient, CancellationToken, Task<T>> question, CancellationToken cancellationToken)
    {
        var values = new List<(string Node, T Value)>();
        var errors = new List<McpException>();
        await foreach (var answer in context.FleetToAsk.AskAsync(question, cancellationToken))
        {
            if (answer.Error is { } error)
            {
                errors.Add(error);
                context.Report(error);
            }
            else
            {
                values.Add((answer.Node.Name, answer.Value!));
            }
        }
        var order = context.Fleet.Nodes.Select((n, i) => (n.Name, i)).ToDictionary(n => n.Name, n => n.i);
        return ([.. values.OrderBy(v => order[v.Node])], errors);
    }
}
