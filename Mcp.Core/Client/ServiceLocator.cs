using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;

namespace Mcp.Core.Client;

/// <summary>Which node a service is on: the one that was named, the one its file names, the only one there is, or else the one that says
/// so.</summary>
public sealed class ServiceLocator(WorkstationConfig config, ServiceDirectory services, Fleet fleet)
{
    /// <exception cref="McpException">No node runs it, several do, or a node that might can't be asked.</exception>
    public async Task<NodeConfig> FindAsync(string service, string? node, CancellationToken cancellationToken)
    {
        if (node is not null || config.Nodes.Count <= 1)
            return config.SelectNode(node);
        if (services.NodeOf(service) is { } named)
            return config.SelectNode(named);

        var running = new List<NodeConfig>();
        var known = new SortedSet<string>(StringComparer.Ordinal);
        var errors = new List<McpException>();
        await foreach (var answer in fleet.AskAsync((client, token) => client.ListServicesAsync(token), cancellationToken)
            .ConfigureAwait(false))
        {
            if (answer.Error is { } error)
                errors.Add(error);
            foreach (var summary in answer.Value ?? ValueList<Status.ServiceSummary>.Empty)
            {
                known.Add(summary.Definition.Name);
                if (summary.Definition.Name == service)
                    running.Add(answer.Node);
            }
        }
        return running.Count switch
        {
            1 => running[0],
            > 1 => throw new McpException(ErrorKind.Usage, "node-not-chosen",
                $"service {service} is on {running.Count} nodes ({string.Join(", ", running.Select(n => n.Name))})",
                "name the one you mean with --node"),
            _ when errors.Count > 0 => throw new McpException(errors[0].Kind, errors[0].Id,
                $"no reachable node has service {service}, and {errors.Count} could not be asked: " +
                $"{string.Join("; ", errors.Select(e => e.Message))}",
                errors[0].Remedy, errors[0].Node),
            _ => throw new McpException(ErrorKind.NotFound, "unknown-service",
                $"no node has service {service}",
                known.Count == 0 ? "deploy it first: `mcp deploy " + service + "`" : NearestName.Remedy(service, known, "services")),
        };
    }
}
