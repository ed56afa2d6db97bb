using System.Collections;

namespace Mcp.Core.Toml;

/// <summary>An array, written in brackets or as [[array.of.tables]].</summary>
public sealed class TomlArray : TomlValue, IReadOnlyList<TomlValue>
{
    private readonly List<TomlValue> _items = [];

    public TomlArray(TomlPosition position = default)
        : base(TomlKind.Array, position)
    {
    }

    public TomlArray(IEnumerable<TomlValue> items)
        : this() => _items.AddRange(items);

    public int Count => _items.Count;

    /// <summary>True for [[name]]; only such an array can grow by a later header.</summary>
    public bool IsArrayOfTables { get; internal init; }

    public TomlValue this[int index] => _items[index];

    public void Add(TomlValue value) => _items.Add(value);

    internal TomlArray With(TomlValue value)
    {
        Add(value);
        return this;
    }

    public IEnumerator<TomlValue> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
