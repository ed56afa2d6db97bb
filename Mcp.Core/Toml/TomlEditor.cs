using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Mcp.Core.Toml;

/// <summary>Changes a TOML text and leaves everything else as it was written: comments, order, blanks, line ends. Paths are those of
/// <see cref="SourceMap"/> ("components[0].routes[1]", "" for the root). Tomlyn's tree says where things are, and only that text is
/// replaced.</summary>
public sealed class TomlEditor
{
    private readonly Dictionary<string, KeyValueSyntax> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TableSyntaxBase> _tables = new(StringComparer.Ordinal);
    private readonly string _lineEnd;
    private DocumentSyntax _document;

    /// <exception cref="FormatException">The text has errors; <see cref="TomlReader"/> tells which.</exception>
    public TomlEditor(string text)
    {
        if (TomlReader.Read(text).Errors is { Count: > 0 } errors)
            throw new FormatException($"the text can't be edited before it is correct: {errors[0].Position}: {errors[0].Message}");
        _lineEnd = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        Text = text;
        _document = Index();
    }

    public string Text { get; private set; }

    /// <summary>Gives a key of an existing table another value, or adds it behind the table's other keys.</summary>
    /// <returns>false when there is no such table, or it is written in braces and does not have the key.</returns>
    public bool Set(string table, string key, TomlValue value)
    {
        if (_entries.TryGetValue(SourceMap.Join(table, key), out var entry))
        {
            Replace(entry.Value!.Span.Start.Offset, entry.Value.Span.End.Offset + 1, TomlWriter.Value(value));
            return true;
        }
        if (table.Length > 0 && !_tables.ContainsKey(table))
            return false;

        var last = (table.Length == 0 ? _document.KeyValues : _tables[table].Items).LastOrDefault();
        var at = last is not null ? EndOfLine(last, last.EndOfLineToken)
            : table.Length > 0 ? EndOfLine(_tables[table], _tables[table].EndOfLineToken)
            : 0;
        var indent = last is null ? "" : Text[LineStart(last)..last.Span.Start.Offset];
        var lineStart = at > 0 && Text[at - 1] != '\n' ? _lineEnd + indent : indent;
        Replace(at, at, $"{lineStart}{TomlWriter.Key(key)} = {TomlWriter.Value(value)}{_lineEnd}");
        return true;
    }

    /// <summary>Adds an element [[array]] at the end, which is right whatever comes before.</summary>
    public void Append(string array, TomlTable element)
    {
        var gap = Text.Length == 0 ? "" : Text.EndsWith('\n') ? _lineEnd : _lineEnd + _lineEnd;
        var added = TomlWriter.Write(new TomlTable { { array, new TomlArray([element]) } });
        Replace(Text.Length, Text.Length, gap + added.Replace("\n", _lineEnd, StringComparison.Ordinal));
    }

    /// <summary>Removes a key with its line, or a [table] or [[element]] with the tables in it. Comments above it stay, and so do those
    /// above the next header.</summary>
    /// <returns>false when there is nothing of that path that has lines of its own.</returns>
    public bool Remove(string path)
    {
        if (_entries.TryGetValue(path, out var entry) && entry.Parent is not InlineTableItemSyntax)
        {
            Replace(LineStart(entry), EndOfLine(entry, entry.EndOfLineToken), "");
            return true;
        }
        var inside = _tables.Where(t => t.Key == path || t.Key.StartsWith(path + ".", StringComparison.Ordinal))
            .Select(t => t.Value).ToList();
        if (inside.Count == 0)
            return false;
        foreach (var table in inside.OrderByDescending(t => t.Span.Start.Offset))
            RemoveLines(LineStart(table), table.Items.LastOrDefault() is { } last
                ? EndOfLine(last, last.EndOfLineToken) : EndOfLine(table, table.EndOfLineToken));
        _document = Index();
        return true;
    }

    /// <summary>Blank lines behind a section go with it, and at the end of the file those before it, so that adding and removing leave no
    /// growing gap.</summary>
    private void RemoveLines(int start, int end)
    {
        while (end < Text.Length && Text[end..LineEnd(end)].Trim().Length == 0)
            end = LineEnd(end);
        var before = Text[..start];
        Text = end < Text.Length ? before + Text[end..] : before.TrimEnd() is { Length: > 0 } rest ? rest + _lineEnd : "";
    }

    private void Replace(int start, int end, string replacement)
    {
        Text = string.Concat(Text.AsSpan(0, start), replacement, Text.AsSpan(end));
        _document = Index();
    }

    private DocumentSyntax Index()
    {
        _entries.Clear();
        _tables.Clear();
        Dictionary<string, int> elements = new(StringComparer.Ordinal);
        // Tomlyn drops a byte order mark and counts from behind it; in place of it, a blank keeps the offsets.
        var document = SyntaxParser.Parse(Text.StartsWith('\uFEFF') ? ' ' + Text[1..] : Text, sourceName: null, validate: false);
        IndexEntries(document.KeyValues, "");
        foreach (var table in document.Tables)
        {
            var names = Names(table.Name!).ToList();
            var parent = names.SkipLast(1).Aggregate("", (path, name) => Latest(SourceMap.Join(path, name)));
            var path = SourceMap.Join(parent, names[^1]);
            if (table is TableArraySyntax)
            {
                elements[path] = elements.GetValueOrDefault(path) + 1;
                path = Latest(path);
            }
            _tables[path] = table;
            IndexEntries(table.Items, path);
        }
        return document;

        string Latest(string path) => elements.TryGetValue(path, out var count) ? $"{path}[{count - 1}]" : path;
    }

    private void IndexEntries(IEnumerable<KeyValueSyntax> entries, string table)
    {
        foreach (var entry in entries)
        {
            var path = Names(entry.Key!).Aggregate(table, SourceMap.Join);
            _entries[path] = entry;
            if (entry.Value is InlineTableSyntax inline)
                IndexEntries(inline.Items.Select(item => item.KeyValue!), path);
        }
    }

    private static IEnumerable<string> Names(KeySyntax key) => key.DotKeys.Select(k => k.Key!).Prepend(key.Key!)
        .Select(part => part is BareKeySyntax bare ? bare.Key!.Text! : ((StringValueSyntax)part).Value!);

    private int LineStart(SyntaxNode node) => node.Span.Start.Offset == 0 ? 0 : Text.LastIndexOf('\n', node.Span.Start.Offset - 1) + 1;

    private int LineEnd(int from) => Text.IndexOf('\n', from) is var end and >= 0 ? end + 1 : Text.Length;

    /// <summary>Behind the line's end; of the last line without one, the end of the text.</summary>
    private int EndOfLine(SyntaxNode node, SyntaxToken? lineEnd) =>
        lineEnd is not null ? lineEnd.Span.End.Offset + 1 : LineEnd(node.Span.End.Offset);
}
