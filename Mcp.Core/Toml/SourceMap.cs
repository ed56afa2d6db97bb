namespace Mcp.Core.Toml;

/// <summary>The place in a file of each value of a model, by path ("components[0].routes[1].port", indexes as in the model), so that rules
/// which know only the model can still name the line. Also remembers what has been reported, so that
/// one mistake is not reported twice.</summary>
public sealed class SourceMap(string? file)
{
    private readonly Dictionary<string, TomlPosition> _places = new(StringComparer.Ordinal);
    private readonly HashSet<string> _settled = new(StringComparer.Ordinal);

    /// <summary>As the user named it.</summary>
    public string? File { get; } = file;

    public bool Contains(string path) => _places.ContainsKey(path);

    /// <summary>The place of the value, or of the nearest thing around it that is in the file.</summary>
    public TomlPosition Locate(string path)
    {
        foreach (var p in SelfAndAncestors(path))
        {
            if (_places.TryGetValue(p, out var position))
                return position;
        }
        return _places.GetValueOrDefault("", new TomlPosition(1, 1));
    }

    /// <summary>True when the value, or something around it, has a reported problem.</summary>
    public bool IsSettled(string path) => SelfAndAncestors(path).Any(_settled.Contains);

    internal void Place(string path, TomlPosition position) => _places[path] = position;

    internal void Settle(string path) => _settled.Add(path);

    internal static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static IEnumerable<string> SelfAndAncestors(string path)
    {
        while (path.Length > 0)
        {
            yield return path;
            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }
    }
}
