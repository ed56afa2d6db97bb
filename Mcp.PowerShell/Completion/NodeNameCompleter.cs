using System.Collections;
using Mcp.Core.Client.Workstation;

namespace Mcp.PowerShell.Completion;

/// <summary>The nodes of the workstation's config.</summary>
public sealed class NodeNameCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(WorkstationConfig config, IDictionary bound) => config.Nodes.Select(n => n.Name);
}
