namespace Mcp.Core.Toml.Reading;

/// <summary>Puts keys and headers where they belong, and refuses what TOML allows only once.</summary>
internal sealed class TableBuilder(Action<TomlPosition, string, string> report)
{
    public void Report(TomlPosition at, string message, string remedy) => report(at, message, remedy);

    /// <summary>key = value, in the table that the last header opened.</summary>
    public void Assign(TomlTable table, IReadOnlyList<KeyPart> key, TomlValue value)
    {
        if (Descend(table, key, TableOrigin.Dotted) is not { } parent)
            return;
        if (parent.TryGet(key[^1].Name, out var earlier))
            report(key[^1].Position, $"key {Shown(key)} is already defined at {earlier.KeyPosition}", "keep one of the two");
        else
            parent.Add(key[^1].Name, value, key[^1].Position);
    }

    /// <summary>[key] or [[key]]; gives the table that the following lines fill.</summary>
    public TomlTable Open(TomlTable root, IReadOnlyList<KeyPart> key, bool arrayElement, TomlPosition header)
    {
        var table = new TomlTable(header);
        if (Descend(root, key, TableOrigin.Implied) is not { } parent)
            return table;

        var (last, shown) = (key[^1], Shown(key));
        if (!parent.TryGet(last.Name, out var earlier))
            parent.Add(last.Name, arrayElement ? new TomlArray(header) { IsArrayOfTables = true }.With(table) : table, last.Position);
        else if (arrayElement && earlier.Value is TomlArray { IsArrayOfTables: true } array)
            array.Add(table);
        else if (!arrayElement && earlier.Value is TomlTable { Origin: TableOrigin.Implied } implied)
            (table, implied.Origin) = (implied, TableOrigin.Header);
        else if (earlier.Value is not TomlInvalid)
            report(last.Position, $"{shown} is already defined as {Describe(earlier.Value)} at {earlier.KeyPosition}",
                earlier.Value is TomlArray { IsArrayOfTables: true } || (arrayElement && earlier.Value is TomlTable)
                    ? $"write each as [[{shown}]]" : "define it once");
        return table;
    }

    /// <summary>The table that holds the last part of the key; null when there is none, which is reported.</summary>
    private TomlTable? Descend(TomlTable table, IReadOnlyList<KeyPart> key, TableOrigin made)
    {
        for (var i = 0; i < key.Count - 1; i++)
        {
            var (name, position) = key[i];
            if (!table.TryGet(name, out var entry))
            {
                table.Add(name, new TomlTable(position) { Origin = made }, position);
                _ = table.TryGet(name, out entry);
            }
            if (entry!.Value is TomlInvalid)
                return null;
            if (Enter(entry.Value, made) is not { } next)
            {
                report(position,
                    $"{Shown(key.Take(i + 1))} is already defined as {Describe(entry.Value)} at {entry.KeyPosition} and complete",
                    "write the new key where it was defined, or rename one of the two");
                return null;
            }
            table = next;
        }
        return table;
    }

    /// <summary>A header may add to every table but one in braces; a dotted key only to what dotted keys made or longer headers
    /// implied.</summary>
    private static TomlTable? Enter(TomlValue value, TableOrigin made)
    {
        if (made == TableOrigin.Implied)
            return value is TomlArray { IsArrayOfTables: true } array
                ? (TomlTable)array[^1] : value is TomlTable { Origin: not TableOrigin.Inline } table ? table : null;
        if (value is not TomlTable { Origin: TableOrigin.Implied or TableOrigin.Dotted } dotted)
            return null;
        dotted.Origin = TableOrigin.Dotted;
        return dotted;
    }

    private static string Shown(IEnumerable<KeyPart> key) => string.Join('.', key.Select(p => TomlWriter.Key(p.Name)));

    private static string Describe(TomlValue value) => value switch
    {
        TomlTable { Origin: TableOrigin.Inline } => "an inline table",
        TomlTable => "a table",
        TomlArray { IsArrayOfTables: true } => "an array of tables",
        _ => value.Kind.Described(),
    };
}
