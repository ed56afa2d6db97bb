using System.Collections.Concurrent;
using Mcp.Core.Definitions;

namespace Mcp.Agent.Registry;

/// <summary>The text of a definition in the registry database, read without applying rules: what was stored once stays readable whatever
/// later rules say. docs/decisions/stored-definitions.md has the reasons.</summary>
internal static class StoredDefinition
{
    // Every status, sweep and port allocation reads all definitions, which seldom change.
    private static readonly ConcurrentDictionary<string, DefinitionReadResult> Known = new(StringComparer.Ordinal);
    private const int MaxKnown = 1000;

    public static string Write(ServiceDefinition definition) => DefinitionWriter.Write(definition);

    /// <returns>null, with the reason, when the text can't be read.</returns>
    public static ServiceDefinition? Read(string text, out string problem)
    {
        if (!Known.TryGetValue(text, out var result))
        {
            if (Known.Count >= MaxKnown)
                Known.Clear();
            Known[text] = result = DefinitionReader.ReadStored(text);
        }
        // Without the remedies: they are for the author of a file.
        problem = result.Definition is not null ? ""
            : $"the stored definition can't be read: {string.Join("; ", result.Problems.Select(p => $"line {p.Line}: {p.Message}"))}";
        return result.Definition;
    }
}
