namespace Mcp.Core.Toml.Reading;

/// <summary>Leaves the statement being read; caught where the next one is looked for, never outside the reader.</summary>
internal sealed class TomlSyntaxException(int offset, string message, string remedy) : Exception(message)
{
    public int Offset { get; } = offset;

    public string Remedy { get; } = remedy;
}
