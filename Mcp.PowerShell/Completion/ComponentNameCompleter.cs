using System.Collections;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;

namespace Mcp.PowerShell.Completion;

/// <summary>Components of the services that -Service names so far, from the nodes and from definition files.</summary>
public sealed class ComponentNameCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(WorkstationConfig config, IDictionary bound)
    {
        KnownNames.Refresh(config, Budget);
        var asked = Asked(bound, "Service");
        return KnownNames.ComponentsOf(asked).Concat(Defined(Definitions(config), asked));
    }

    private static IEnumerable<string> Defined(ServiceDirectory services, Func<string, bool> asked)
    {
        foreach (var name in services.Names().Where(asked))
        {
            string[] components;
            try
            {
                components = [.. services.Read(name).Definition.Components.Select(c => c.Name)];
            }
            catch (McpException)
            {
                // One broken file says nothing; the others still do.
                continue;
            }
            foreach (var component in components)
                yield return component;
        }
    }
}
