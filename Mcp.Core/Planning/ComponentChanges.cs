using Mcp.Core.Definitions;

namespace Mcp.Core.Planning;

/// <summary>What differs between two definitions of a component, in words. Environment values are never told, only names.</summary>
public static class ComponentChanges
{
    /// <summary>Empty when both make the same container.</summary>
    public static IReadOnlyList<string> Between(ComponentDefinition before, ComponentDefinition after)
    {
        var changes = new List<string>();
        if (before.Image != after.Image)
            changes.Add(ImageChange(before.Image, after.Image));
        Note("network", before.Network ?? "default", after.Network ?? "default");
        Note("user", before.User ?? "image default", after.User ?? "image default");
        Note("restart", before.RestartPolicy, after.RestartPolicy);
        Note("kind", before.Kind.ToString().ToLowerInvariant(), after.Kind.ToString().ToLowerInvariant());
        NoteList("ports", before.Ports.Equals(after.Ports));
        NoteList("volumes", before.Volumes.Equals(after.Volumes));
        NoteList("cmd", before.Command.Equals(after.Command));
        if (!before.Environment.Equals(after.Environment))
            changes.Add("env changed: " + string.Join(", ", ChangedNames(before, after)));
        NoteList("routes", before.Routes.Equals(after.Routes));
        return changes;

        void Note(string what, string from, string to)
        {
            if (from != to)
                changes.Add($"{what} {from} -> {to}");
        }

        void NoteList(string what, bool same)
        {
            if (!same)
                changes.Add(what + " changed");
        }
    }

    private static string ImageChange(string before, string after)
    {
        var (from, to) = (ImageReference.TryParse(before), ImageReference.TryParse(after));
        return from is { Tag: { } oldTag, Digest: null } && to is { Tag: { } newTag, Digest: null } && from.Registry == to.Registry && from.Repository == to.Repository
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
