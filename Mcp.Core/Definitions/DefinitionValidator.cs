using Mcp.Core.Collections;
using Mcp.Core.Definitions.Rules;
using Mcp.Core.Toml;

namespace Mcp.Core.Definitions;

/// <summary>All rules that a definition must keep. The workstation and the agent use the same.</summary>
public static class DefinitionValidator
{
    /// <param name="source">Where the values stand, when the definition was read from a text (<see cref="DefinitionReader"/> does this by
    /// itself); null for one that came over the wire: its problems have no file and no line.</param>
    /// <returns>Every problem, in the order of the text; empty when the definition is good.</returns>
    public static ValueList<Problem> Validate(ServiceDefinition definition, SourceMap? source = null)
    {
        var context = new RuleContext(source);
        ServiceRules.Check(context, definition);
        ComponentRules.Check(context, definition);
        return context.Problems.ToValueList();
    }
}
