using Mcp.Core.Collections;

namespace Mcp.Core.Definitions;

/// <summary>Only the emptiest check so far; the rules follow.</summary>
public static class DefinitionValidator
{
    public static ValueList<Problem> Validate(ServiceDefinition definition) => definition.Components.Count == 0 ? [new(null, 0, 0, "none", "x")] : [];
}
