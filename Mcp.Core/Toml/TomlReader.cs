using System.Text;
using Mcp.Core.Toml.Reading;

namespace Mcp.Core.Toml;

/// <summary>What is wrong with the text, where, and what to write instead.</summary>
public sealed record TomlError(TomlPosition Position, string Message, string Remedy);

/// <param name="Root">All that could be read; complete when there are no errors.</param>
/// <param name="Errors">In the order of the text.</param>
/// <param name="LostTables">A [header] could not be read, so that a whole table is missing from <paramref name="Root"/>.</param>
public sealed record TomlReadResult(TomlTable Root, IReadOnlyList<TomlError> Errors, bool LostTables);

/// <summary>Reads TOML 1.0 (https://toml.io/en/v1.0.0). Never throws on bad text: an error is noted with its place, and reading goes on
/// at the next line that can begin a statement, so that one pass finds the mistakes of the whole file.</summary>
public static class TomlReader
{
    /// <summary>Reading gives up after this many errors: what follows is noise.</summary>
    public const int MaxErrors = 100;

    public static TomlReadResult Read(string text) => new StatementReader(new TextCursor(text)).ReadDocument();

    /// <summary>Reads UTF-8, with or without a byte order mark; bytes that are not UTF-8 are an error.</summary>
    public static TomlReadResult Read(ReadOnlySpan<byte> utf8)
    {
        var valid = Utf8Check.ValidLength(utf8);
        if (valid == utf8.Length)
            return Read(Encoding.UTF8.GetString(utf8));

        var before = Encoding.UTF8.GetString(utf8[..valid]);
        var cursor = new TextCursor(before);
        var error = new TomlError(cursor.PositionAt(before.Length), $"byte 0x{utf8[valid]:X2} is not UTF-8", "save the file as UTF-8");
        return new TomlReadResult(new TomlTable(new(1, 1)), [error], LostTables: true);
    }
}
