using System.Collections;
using Mcp.Core.Client.Workstation;

namespace Mcp.PowerShell.Completion;

/// <summary>Services that nodes are known to have, and those that have a definition file.</summary>
public sealed class ServiceNameCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(WorkstationConfig config, IDictionary bound)
    {
        KnownNames.Refresh(config, Budget);
        return KnownNames.Services.Concat(Definitions(config).Names());
    }
}

/// <summary>Services that have a definition file: what can be deployed.</summary>
public sealed class DefinitionNameCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(WorkstationConfig config, IDictionary bound) =>
        Definitions(config).Names();
}
