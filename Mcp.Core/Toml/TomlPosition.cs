namespace Mcp.Core.Toml;

/// <summary>A place in a TOML text. Both numbers are 1-based; a column counts Unicode characters, as an editor does. Default: no text behind it.</summary>
public readonly record struct TomlPosition(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";
}
