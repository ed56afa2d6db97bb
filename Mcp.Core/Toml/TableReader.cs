using System.Globalization;
using Mcp.Core.Collections;

namespace Mcp.Core.Toml;

/// <summary>Reads the keys of one table by type. A wrong type is reported with what it is and what it should be; asking for a key makes
/// it known, and a key that was never asked for is refused by <see cref="TomlDocument.Finish"/> with the nearest known key. See
/// <see cref="TomlDocument"/>.</summary>
public sealed class TableReader
{
    private readonly TomlDocument _document;
    private readonly TomlTable _table;
    private readonly string _title;
    private readonly List<string> _known = [];
    private readonly List<string> _ignored = [];
    private readonly List<(string Key, string Remedy)> _missing = [];
    private readonly Dictionary<string, string> _hints = new(StringComparer.Ordinal);
    private readonly List<TableReader> _children = [];
    private bool _freeKeys;

    internal TableReader(TomlDocument document, TomlTable table, string path, string title)
    {
        (_document, _table, Path, _title) = (document, table, path, title);
        document.Source.Place(path, table.Position);
        foreach (var entry in table)
            document.Source.Place(SourceMap.Join(path, entry.Key), entry.Value is TomlTable ? entry.KeyPosition : entry.Value.Position);
    }

    /// <summary>"" for the root, else "nodes[0]" or "build.images".</summary>
    public string Path { get; }

    /// <summary>Where the table begins.</summary>
    public TomlPosition Position => _table.Position;

    /// <summary>True when the key is in the file, whether its value is right or wrong.</summary>
    public bool Has(string key) => Entry(key) is not null;

    /// <summary>null when absent or not a string.</summary>
    /// <param name="remedy">What to write where it is not a string; null: key = "...".</param>
    public string? String(string key, string? remedy = null) => Scalar<string>(key, TomlKind.String, remedy ?? $"write {key} = \"...\"");

    /// <summary>A string, or an integer as its digits; null when absent or neither.</summary>
    public string? StringOrInteger(string key, string remedy) =>
        Entry(key)?.Value is TomlScalar { Value: long number } ? number.ToString(CultureInfo.InvariantCulture) : String(key, remedy);

    public bool? Boolean(string key) => Value<bool>(key, TomlKind.Boolean, $"write {key} = true or {key} = false");

    /// <summary>null when absent, not an integer or out of range.</summary>
    public long? Integer(string key, long min = long.MinValue, long max = long.MaxValue)
    {
        var range = $"write a number from {min} to {max}";
        if (Value<long>(key, TomlKind.Integer, min == long.MinValue ? $"write {key} = 1" : range) is not { } number)
            return null;
        if (number >= min && number <= max)
            return number;
        Report(key, $"{key} = {number} is out of range", range);
        return null;
    }

    /// <summary>"" when absent (which is reported by Finish) or not a string.</summary>
    public string RequiredString(string key, string? remedy = null)
    {
        Require(key, remedy ?? $"add {key} = \"...\"");
        return String(key) ?? "";
    }

    public long? RequiredInteger(string key, long min = long.MinValue, long max = long.MaxValue, string? remedy = null)
    {
        Require(key, remedy ?? $"add {key} = a number");
        return Integer(key, min, max);
    }

    /// <summary>An array of strings; empty when absent; elements of other types are reported and left out.</summary>
    public ValueList<string> Strings(string key) => Parsed(key, text => text, _ => ("", ""));

    /// <summary>An array of strings, each turned into something; where <paramref name="parse"/> gives null, <paramref name="explain"/>
    /// says why (message, remedy) and the element is left out. Paths of the source map count the elements that remain (those left out
    /// have paths that end in '?').</summary>
    public ValueList<T> Parsed<T>(string key, Func<string, T?> parse, Func<string, (string Message, string Remedy)> explain)
        where T : class
    {
        List<T> items = [];
        foreach (var element in Elements(key, $"write {key} = [\"...\", \"...\"]"))
        {
            var path = $"{SourceMap.Join(Path, key)}[{items.Count}]";
            if (element is not TomlScalar { Value: string text })
            {
                ReportElement(path + "?", element, $"an element of {key} is {element.Kind.Described()}, not a string",
                    "put it in quotation marks");
                continue;
            }
            if (parse(text) is not { } item)
            {
                var (message, remedy) = explain(text);
                _document.Report(path + "?", element.Position, message, remedy);
                continue;
            }
            _document.Source.Place(path, element.Position);
            items.Add(item);
        }
        return items.ToValueList();
    }

    /// <summary>[key]; null when absent or not a table.</summary>
    public TableReader? Table(string key)
    {
        if (Entry(key) is not { } entry || !Expect(key, entry, TomlKind.Table, $"write it as [{Title(key)}]"))
            return null;
        return Child((TomlTable)entry.Value, SourceMap.Join(Path, key), $"[{Title(key)}]");
    }

    /// <summary>[[key]], or an array of inline tables; empty when absent.</summary>
    public IReadOnlyList<TableReader> Tables(string key)
    {
        List<TableReader> tables = [];
        foreach (var element in Elements(key, $"write each as [[{Title(key)}]]"))
        {
            var path = $"{SourceMap.Join(Path, key)}[{tables.Count}]";
            if (element is TomlTable table)
                tables.Add(Child(table, path, $"[[{Title(key)}]]"));
            else
                ReportElement(path + "?", element, $"an element of {key} is {element.Kind.Described()}, not a table",
                    $"write each as [[{Title(key)}]]");
        }
        return tables;
    }

    /// <summary>A table with keys of the user's choice and tables for values: [key.NAME]; empty when absent.</summary>
    public IReadOnlyList<(string Key, TableReader Table)> TablesByKey(string key)
    {
        if (Table(key) is not { } table)
            return [];
        table._freeKeys = true;
        return [.. from entry in table._table
                   let inner = table.Table(entry.Key)
                   where inner is not null
                   select (entry.Key, inner)];
    }

    /// <summary>A table with keys of the user's choice and strings for values; empty when absent.</summary>
    public ValueMap StringMap(string key)
    {
        if (Table(key) is not { } table)
            return ValueMap.Empty;
        table._freeKeys = true;
        return new ValueMap(from entry in table._table
                            let text = table.String(entry.Key)
                            where text is not null
                            select KeyValuePair.Create(entry.Key, text));
    }

    /// <summary>Notes a problem at the value of a key, or at the table when it has none.</summary>
    public void Report(string key, string message, string remedy)
    {
        var path = SourceMap.Join(Path, key);
        _document.Report(path, _document.Source.Locate(path), message, remedy);
    }

    /// <summary>What to say when this unknown key turns up, in place of the nearest known one.</summary>
    public void Hint(string unknownKey, string remedy) => _hints[unknownKey] = remedy;

    /// <summary>Allows a key, whatever its value, and warns that it has no effect.</summary>
    public void Ignore(string key, string remedy)
    {
        if (!_table.TryGet(key, out var entry))
            return;
        _ignored.Add(key);
        _document.Warn(entry.KeyPosition, $"'{key}' in {_title} has no effect", remedy);
    }

    internal void Finish()
    {
        HashSet<string> meant = new(StringComparer.Ordinal);
        foreach (var entry in _table.Where(e => !_freeKeys && !_known.Contains(e.Key) && !_ignored.Contains(e.Key)))
        {
            if (!_hints.TryGetValue(entry.Key, out var remedy))
            {
                remedy = NearestName.Remedy(entry.Key, _known, "known keys");
                if (NearestName.Of(entry.Key, _known) is { } nearest && !_table.TryGet(nearest, out _))
                    meant.Add(nearest);
            }
            _document.Report(SourceMap.Join(Path, entry.Key), entry.KeyPosition, $"unknown key '{entry.Key}' in {_title}", remedy);
        }
        // A misspelt key is one mistake, not also a missing one.
        foreach (var key in meant)
            _document.Source.Settle(SourceMap.Join(Path, key));
        foreach (var (key, remedy) in _missing.Where(m => !meant.Contains(m.Key)))
            Report(key, $"{_title} has no '{key}'", remedy);
        foreach (var child in _children)
            child.Finish();
    }

    private T? Scalar<T>(string key, TomlKind kind, string remedy)
        where T : class => Entry(key) is { } entry && Expect(key, entry, kind, remedy) ? (T)((TomlScalar)entry.Value).Value : null;

    private T? Value<T>(string key, TomlKind kind, string remedy)
        where T : struct => Entry(key) is { } entry && Expect(key, entry, kind, remedy) ? (T)((TomlScalar)entry.Value).Value : null;

    private IEnumerable<TomlValue> Elements(string key, string remedy) =>
        Entry(key) is { } entry && Expect(key, entry, TomlKind.Array, remedy) ? (TomlArray)entry.Value : [];

    private bool Expect(string key, TomlEntry entry, TomlKind kind, string remedy)
    {
        if (entry.Value.Kind == kind)
            return true;
        var quoted = entry.Value.Kind == TomlKind.String && kind is TomlKind.Integer or TomlKind.Boolean;
        ReportElement(SourceMap.Join(Path, key), entry.Value, $"{key} is {entry.Value.Kind.Described()}, not {kind.Described()}",
            remedy + (quoted ? ", without quotation marks" : ""));
        return false;
    }

    private void ReportElement(string path, TomlValue value, string message, string remedy)
    {
        if (value is TomlInvalid)
            _document.Source.Settle(path);
        else
            _document.Report(path, value.Position, message, remedy);
    }

    private TomlEntry? Entry(string key)
    {
        if (!_known.Contains(key))
            _known.Add(key);
        return _table.TryGet(key, out var entry) ? entry : null;
    }

    private void Require(string key, string remedy)
    {
        if (Entry(key) is null && _missing.TrueForAll(m => m.Key != key))
            _missing.Add((key, remedy));
    }

    private TableReader Child(TomlTable table, string path, string title)
    {
        var child = new TableReader(_document, table, path, title);
        _children.Add(child);
        return child;
    }

    private string Title(string key) => System.Text.RegularExpressions.Regex.Replace(SourceMap.Join(Path, key), @"\[\d+\]", "");
}
