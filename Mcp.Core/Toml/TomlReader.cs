using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Mcp.Core.Toml.Reading;

namespace Mcp.Core.Toml;

/// <summary>What is wrong with the text, where, and what to write instead.</summary>
public sealed record TomlError(TomlPosition Position, string Message, string Remedy);

/// <param name="Root">All that could be read; complete when there are no errors.</param>
/// <param name="Errors">In the order of the text.</param>
/// <param name="LostTables">A [header] could not be read, so that a whole table is missing from <paramref name="Root"/>.</param>
public sealed record TomlReadResult(TomlTable Root, IReadOnlyList<TomlError> Errors, bool LostTables);

/// <summary>Reads TOML 1.1 (https://toml.io/en/v1.1.0) with Tomlyn's parser. Never throws on bad text: an error is noted with its place,
/// and reading resumes at the next line that can begin a statement, so that one pass finds the mistakes of the whole file.</summary>
public static partial class TomlReader
{
    /// <summary>Reading stops after this many errors: what follows is noise.</summary>
    public const int MaxErrors = 25;

    /// <summary>How deep tables and arrays may be nested, by brackets, braces or dots. It bounds the stack of all code that walks
    /// them.</summary>
    public const int MaxDepth = 64;

    public static TomlReadResult Read(string text)
    {
        // A line ends the same everywhere, so that multi-line strings don't depend on the editor that saved the file.
        var source = WithoutMark(text).Replace("\r\n", "\n", StringComparison.Ordinal);
        List<TomlError> errors = [];
        source = Forbidden().Replace(source, match =>
        {
            if (errors.Count < MaxErrors)
                errors.Add(new(TomlPosition.At(source, match.Index), Describe(match.Value[0]),
                    "remove it, or write it as an escape in a string in \""));
            return " ";
        });
        var reader = new DocumentReader(source, errors);
        for (var at = 0; at < source.Length && errors.Count < MaxErrors;)
            at = reader.ReadFrom(at);
        return new(reader.Root, [.. errors.Take(MaxErrors).OrderBy(e => e.Position.Line).ThenBy(e => e.Position.Column)],
            reader.LostTables);
    }

    /// <summary>Reads UTF-8, with or without a byte order mark; bytes that are not UTF-8 are an error.</summary>
    public static TomlReadResult Read(ReadOnlySpan<byte> utf8)
    {
        var valid = 0;
        while (valid < utf8.Length && Rune.DecodeFromUtf8(utf8[valid..], out _, out var used) == OperationStatus.Done)
            valid += used;
        if (valid == utf8.Length)
            return Read(Encoding.UTF8.GetString(utf8));

        var before = WithoutMark(Encoding.UTF8.GetString(utf8[..valid]));
        var error = new TomlError(TomlPosition.At(before, before.Length), $"byte 0x{utf8[valid]:X2} is not UTF-8",
            "save the file as UTF-8");
        return new(new TomlTable(new(1, 1)), [error], LostTables: true);
    }

    private static string WithoutMark(string text) => text.StartsWith('\uFEFF') ? text[1..] : text;

    private static string Describe(char c) => c switch
    {
        '\r' => "carriage return without line feed",
        '\uFEFF' => "a second byte order mark",
        '\uFFFD' => "U+FFFD, which replaces a character that was lost",
        _ when char.IsSurrogate(c) => "half of a surrogate pair",
        _ => string.Create(CultureInfo.InvariantCulture, $"control character U+{(int)c:X4}"),
    };

    // Not allowed anywhere unescaped, in strings and comments neither. TOML allows U+FFFD, but the parser refuses it without saying where.
    [GeneratedRegex(@"\A\uFEFF|[\x00-\x08\x0B-\x1F\x7F\uFFFD]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]")]
    private static partial Regex Forbidden();
}
