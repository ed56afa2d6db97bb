namespace Mcp.Core.Toml.Reading;

/// <summary>Bounds the depth of what is read, and by that the stack of all who walk it.</summary>
internal static class NestingLimit
{
    public const int Max = 256;

    public static TomlSyntaxException Exceeded(int offset) =>
        new(offset, $"nested more than {Max} levels deep", "use fewer levels");
}
