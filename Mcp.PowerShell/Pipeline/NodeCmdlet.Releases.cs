using System.Runtime.CompilerServices;
using Mcp.Core;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Mcp.PowerShell.Completion;

namespace Mcp.PowerShell.Pipeline;

public abstract partial class NodeCmdlet
{
    /// <summary>The releases of services. They stay when the service goes, so a name is asked for also where no such service is
    /// deployed.</summary>
    private protected async IAsyncEnumerable<(NodeConfig Node, string Service, ValueList<Release> Releases)> FindReleasesAsync(
        string[]? written, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var services = new NamePatterns(written);
        await foreach (var (node, found) in AskAsync((client, token) => ReadReleasesAsync(client, written, token), cancellationToken))
        {
            foreach (var (service, releases) in found)
            {
                KnownReleases.Remember(Workstation, node.Name, service, releases);
                services.Match(service);
                if (releases.Count > 0)
                    yield return (node, service, releases);
            }
        }
        if (Answered.Count == 0)
            yield break;
        foreach (var missing in services.Missing)
        {
            NotFound("unknown-service", $"there is no service '{missing}' {Where}, and none is recorded",
                NearestName.Remedy(missing, [.. KnownNames.Services.Distinct(StringComparer.Ordinal)], "services there"), missing);
        }
    }

    /// <summary>In the order that the node has its services, which nodes that answer at the same time must not share state for.</summary>
    private static async Task<ValueList<(string Service, ValueList<Release> Releases)>> ReadReleasesAsync(
        AgentClient client, string[]? written, CancellationToken cancellationToken)
    {
        var asked = new NamePatterns(written);
        var deployed = await client.ListServicesAsync(cancellationToken);
        foreach (var (definition, _, _) in deployed)
            KnownNames.Remember(client.Node.Name, definition);
        var names = deployed.Select(s => s.Definition.Name).Where(asked.Match).ToList();
        var found = new List<(string, ValueList<Release>)>();
        foreach (var name in names.Concat(asked.Missing.ToList()))
        {
            var releases = await client.ListReleasesAsync(name, cancellationToken);
            if (releases.Count > 0 || names.Contains(name))
                found.Add((name, releases));
        }
        return found.ToValueList();
    }
}
