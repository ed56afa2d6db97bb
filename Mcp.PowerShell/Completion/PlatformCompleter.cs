using System.Collections;
using Mcp.Core.Client.Workstation;

namespace Mcp.PowerShell.Completion;

/// <summary>The platforms that nodes have; others can be written.</summary>
public sealed class PlatformCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(WorkstationConfig config, IDictionary bound) => ["linux/amd64", "linux/arm64"];
}
