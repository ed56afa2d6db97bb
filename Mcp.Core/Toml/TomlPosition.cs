namespace Mcp.Core.Toml;

/// <summary>A place in a TOML text. Both numbers are 1-based; a column counts Unicode characters, as an editor does. Default: no text
/// behind it.</summary>
public readonly record struct TomlPosition(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";

    internal static TomlPosition At(string text, int offset)
    {
        var before = text.AsSpan(0, offset);
        var line = before[(before.LastIndexOf('\n') + 1)..];
        var pairs = 0;
        foreach (var c in line)
            pairs += char.IsLowSurrogate(c) ? 1 : 0;
        return new(before.Count('\n') + 1, line.Length - pairs + 1);
    }
}
