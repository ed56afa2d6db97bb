namespace Mcp.Core.Toml.Reading;

/// <summary>Puts keys and headers where they belong, and refuses what TOML allows only once.</summary>
internal sealed class TableBuilder(TextCursor cursor)
{
    /// <summary>key = value, in the table that the last header opened.</summary>
    public void Assign(TomlTable table, List<KeyPart> key, TomlValue value)
    {
        for (var i = 0; i < key.Count - 1; i++)
        {
            if (!table.TryGet(key[i].Name, out var entry))
            {
                var next = new TomlTable(cursor.PositionAt(key[i].Offset)) { Origin = TableOrigin.Dotted };
                table.Add(key[i].Name, next, next.Position);
                table = next;
                continue;
            }
            if (entry.Value is TomlInvalid)
                return;
            if (entry.Value is not TomlTable { Origin: TableOrigin.Implied or TableOrigin.Dotted } found)
            {
                cursor.Report(key[i].Offset, $"{KeyReader.Shown(key.Take(i + 1))} was complete at {entry.KeyPosition} ({Describe(entry.Value)}); a dotted key can't add to it", "write the new key where it was defined");
                return;
            }
            found.Origin = TableOrigin.Dotted;
            table = found;
        }

        var last = key[^1];
        if (table.TryGet(last.Name, out var earlier))
            cursor.Report(last.Offset, $"key {KeyReader.Shown(key)} stands already at {earlier.KeyPosition}", "keep one of the two");
        else
            table.Add(last.Name, value, cursor.PositionAt(last.Offset));
    }

    /// <summary>[key] or [[key]]; gives the table that the following lines fill.</summary>
    public TomlTable Open(TomlTable root, List<KeyPart> key, bool arrayElement, TomlPosition header)
    {
        var parent = Walk(root, key);
        if (parent is null)
            return new TomlTable(header);
        var last = key[^1];
        return arrayElement ? OpenElement(parent, key, last, header) : OpenTable(parent, key, last, header);
    }

    private TomlTable? Walk(TomlTable table, List<KeyPart> key)
    {
        for (var i = 0; i < key.Count - 1; i++)
        {
            if (!table.TryGet(key[i].Name, out var entry))
            {
                var next = new TomlTable(cursor.PositionAt(key[i].Offset)) { Origin = TableOrigin.Implied };
                table.Add(key[i].Name, next, next.Position);
                table = next;
                continue;
            }
            switch (entry.Value)
            {
                case TomlTable { Origin: not TableOrigin.Inline } found:
                    table = found;
                    break;
                case TomlArray { IsArrayOfTables: true } array:
                    table = (TomlTable)array[^1];
                    break;
                case TomlInvalid:
                    return null;
                default:
                    cursor.Report(key[i].Offset, $"{KeyReader.Shown(key.Take(i + 1))} is {Describe(entry.Value)} since {entry.KeyPosition}; a header can't add to it", "rename one of the two");
                    return null;
            }
        }
        return table;
    }

    private TomlTable OpenTable(TomlTable parent, List<KeyPart> key, KeyPart last, TomlPosition header)
    {
        var table = new TomlTable(header);
        if (!parent.TryGet(last.Name, out var earlier))
            parent.Add(last.Name, table, cursor.PositionAt(last.Offset));
        else if (earlier.Value is TomlTable { Origin: TableOrigin.Implied } implied)
            (table, implied.Origin) = (implied, TableOrigin.Header);
        else if (earlier.Value is not TomlInvalid)
            cursor.Report(last.Offset, $"{KeyReader.Shown(key)} is {Describe(earlier.Value)} since {earlier.KeyPosition}", earlier.Value is TomlArray { IsArrayOfTables: true } ? $"write [[{KeyReader.Shown(key)}]] for one more" : "define it once");
        return table;
    }

    private TomlTable OpenElement(TomlTable parent, List<KeyPart> key, KeyPart last, TomlPosition header)
    {
        var table = new TomlTable(header);
        if (!parent.TryGet(last.Name, out var earlier))
            parent.Add(last.Name, new TomlArray(header) { IsArrayOfTables = true }.With(table), cursor.PositionAt(last.Offset));
        else if (earlier.Value is TomlArray { IsArrayOfTables: true } array)
            array.Add(table);
        else if (earlier.Value is not TomlInvalid)
            cursor.Report(last.Offset, $"{KeyReader.Shown(key)} is {Describe(earlier.Value)} since {earlier.KeyPosition}; [[{KeyReader.Shown(key)}]] can't add to it", earlier.Value.Kind == TomlKind.Table ? $"write each as [[{KeyReader.Shown(key)}]]" : "rename one of the two");
        return table;
    }

    private static string Describe(TomlValue value) => value switch
    {
        TomlTable { Origin: TableOrigin.Inline } => "an inline table",
        TomlTable => "a table",
        TomlArray { IsArrayOfTables: true } => "an array of tables",
        _ => value.Kind.Described(),
    };
}
