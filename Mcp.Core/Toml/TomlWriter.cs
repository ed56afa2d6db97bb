using System.Globalization;
using System.Text;

namespace Mcp.Core.Toml;

/// <summary>Writes TOML the way a person would: a table's own values first, then its [tables] and [[arrays of tables]], each after a
/// blank line; arrays that are too long for one line with an element per line. Reading the text back gives equal values.</summary>
public static class TomlWriter
{
    private const int MaxLineLength = 100;

    public static string Write(TomlTable root)
    {
        var text = new StringBuilder();
        WriteBody(root, [], text);
        return text.ToString();
    }

    /// <summary>A key as a file has it: bare where it can be.</summary>
    public static string Key(string key) =>
        key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? key : TomlStrings.Quote(key);

    /// <summary>A value on one line.</summary>
    public static string Value(TomlValue value) => value switch
    {
        TomlScalar scalar => Scalar(scalar),
        TomlArray array => $"[{string.Join(", ", array.Select(Value))}]",
        TomlTable { Count: 0 } => "{}",
        TomlTable table => $"{{ {string.Join(", ", table.Select(e => $"{Key(e.Key)} = {Value(e.Value)}"))} }}",
        _ => throw new ArgumentException("an unreadable value can't be written", nameof(value)),
    };

    private static void WriteBody(TomlTable table, string[] path, StringBuilder text)
    {
        foreach (var (key, _, value) in table.Where(e => !HasHeader(e.Value)))
            text.Append(Assignment(key, value)).Append('\n');

        foreach (var (key, _, value) in table.Where(e => HasHeader(e.Value)))
        {
            string[] inner = [.. path, Key(key)];
            if (value is TomlTable child)
                WriteTable(child, inner, text);
            else
                WriteElements((TomlArray)value, inner, text);
        }
    }

    private static void WriteTable(TomlTable table, string[] path, StringBuilder text)
    {
        // A table that only holds tables needs no header of its own.
        if (table.Count == 0 || table.Any(e => !HasHeader(e.Value)))
            WriteHeader($"[{string.Join('.', path)}]", text);
        WriteBody(table, path, text);
    }

    private static void WriteElements(TomlArray array, string[] path, StringBuilder text)
    {
        foreach (var element in array)
        {
            WriteHeader($"[[{string.Join('.', path)}]]", text);
            WriteBody((TomlTable)element, path, text);
        }
    }

    private static void WriteHeader(string header, StringBuilder text) =>
        text.Append(text.Length > 0 ? "\n" : "").Append(header).Append('\n');

    private static bool HasHeader(TomlValue value) =>
        value is TomlTable || (value is TomlArray { Count: > 0 } array && array.All(v => v is TomlTable));

    private static string Assignment(string key, TomlValue value)
    {
        var line = $"{Key(key)} = {Value(value)}";
        if (line.Length <= MaxLineLength || value is not TomlArray array)
            return line;
        return $"{Key(key)} = [\n{string.Concat(array.Select(v => $"  {Value(v)},\n"))}]";
    }

    private static string Scalar(TomlScalar scalar) => scalar.Value switch
    {
        string s => TomlStrings.Quote(s),
        long n => n.ToString(CultureInfo.InvariantCulture),
        double d => Float(d),
        bool b => b ? "true" : "false",
        DateTimeOffset t => t.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture)
            + (t.Offset == TimeSpan.Zero ? "Z" : t.ToString("zzz", CultureInfo.InvariantCulture)),
        DateTime t => t.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly t => t.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        var other => throw new ArgumentException($"no TOML type for {other.GetType()}", nameof(scalar)),
    };

    private static string Float(double value)
    {
        if (double.IsNaN(value))
            return "nan";
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }
}
