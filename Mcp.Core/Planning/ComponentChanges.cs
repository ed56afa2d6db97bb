using Mcp.Core.Definitions;
using Mcp.Core.Toml;

namespace Mcp.Core.Planning;

/// <summary>What differs between two definitions of a component, in words. Environment values are never told, only names.</summary>
public static class ComponentChanges
{
    // How a deploy goes about it, not what container it makes.
    private static readonly string[] Apart = ["name", "depends_on", "strategy", "drain", "stop_timeout", "timeout", "health"];

    /// <summary>Empty when both make the same container.</summary>
    public static IReadOnlyList<string> Between(ComponentDefinition before, ComponentDefinition after)
    {
        var (was, now) = (ComponentSection.Write(before), ComponentSection.Write(after));
        var changes = new List<string>();
        foreach (var key in was.Concat(now).Select(entry => entry.Key).Distinct(StringComparer.Ordinal).Except(Apart))
        {
            var (from, to) = (Text(key, was[key]), Text(key, now[key]));
            if (from != to)
                changes.Add(key switch
                {
                    "image" => ImageChange(before.Image, after.Image),
                    "env" => "env changed: " + string.Join(", ", ChangedNames(before, after)),
                    _ => (was[key] ?? now[key]) is TomlScalar ? $"{key} {from} -> {to}" : key + " changed",
                });
        }
        return changes;
    }

    private static string Text(string key, TomlValue? value) => value switch
    {
        TomlScalar { Value: string text } => text,
        not null => TomlWriter.Value(value),
        null when key == "restart" => ComponentDefinition.DefaultRestart,
        null when key == "kind" => "server",
        null when key == "user" => "image default",
        _ => "default",
    };

    private static string ImageChange(string before, string after)
    {
        var (from, to) = (ImageReference.TryParse(before), ImageReference.TryParse(after));
        return from is { Tag: { } oldTag, Digest: null } && to is { Tag: { } newTag, Digest: null } && from.Registry == to.Registry
            && from.Repository == to.Repository
            ? $"image {oldTag} -> {newTag}"
            : $"image {before} -> {after}";
    }

    private static List<string> ChangedNames(ComponentDefinition before, ComponentDefinition after)
    {
        var names = before.Environment.Except(after.Environment).Concat(after.Environment.Except(before.Environment))
            .Select(e => e.Split('=', 2)[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return names.Count > 0 ? names : ["order"];
    }
}
