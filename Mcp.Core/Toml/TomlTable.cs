using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Mcp.Core.Toml;

/// <summary>A key, its place, and its value.</summary>
public sealed record TomlEntry(string Key, TomlPosition KeyPosition, TomlValue Value);

/// <summary>A table; its entries keep the order of the file.</summary>
public sealed class TomlTable(TomlPosition position = default) : TomlValue(TomlKind.Table, position), IReadOnlyCollection<TomlEntry>
{
    private readonly List<TomlEntry> _entries = [];
    private readonly Dictionary<string, TomlEntry> _byKey = new(StringComparer.Ordinal);

    public int Count => _entries.Count;

    public TomlValue? this[string key] => _byKey.TryGetValue(key, out var entry) ? entry.Value : null;

    /// <summary>Adds an entry; the key must be new.</summary>
    public void Add(string key, TomlValue value, TomlPosition keyPosition = default)
    {
        var entry = new TomlEntry(key, keyPosition, value);
        _byKey.Add(key, entry);
        _entries.Add(entry);
    }

    /// <summary>Adds a string; null adds nothing.</summary>
    public void AddText(string key, string? text)
    {
        if (text is not null)
            Add(key, TomlScalar.Of(text));
    }

    /// <summary>Adds an array of strings; none adds nothing.</summary>
    public void AddTexts(string key, IEnumerable<string> texts)
    {
        var array = new TomlArray(texts.Select(text => TomlScalar.Of(text)));
        if (array.Count > 0)
            Add(key, array);
    }

    public bool TryGet(string key, [MaybeNullWhen(false)] out TomlEntry entry) => _byKey.TryGetValue(key, out entry);

    public IEnumerator<TomlEntry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>How the table came to be, which decides what may still be added to it while a text is read.</summary>
    internal TableOrigin Origin { get; set; } = TableOrigin.Header;
}

internal enum TableOrigin
{
    /// <summary>Only passed through by a longer header; a header of its own may still come.</summary>
    Implied,

    /// <summary>Has its own header (or is the root, or an element of [[...]]).</summary>
    Header,

    /// <summary>Made by a dotted key; further dotted keys may add to it, a header may not.</summary>
    Dotted,

    /// <summary>Written in braces: complete.</summary>
    Inline,
}
