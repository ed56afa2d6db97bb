namespace Mcp.Core.Toml.Reading;

/// <summary>Reads the right side of an assignment. A scalar that can't be read is reported and becomes <see cref="TomlInvalid"/>,
/// so that its neighbours are still read; broken structure (brackets, quotes) ends the statement.</summary>
internal sealed class ValueReader(TextCursor cursor, KeyReader keys, StringReader strings)
{
    public TomlValue Read(int depth)
    {
        if (depth > NestingLimit.Max)
            throw NestingLimit.Exceeded(cursor.Offset);
        return cursor.Current switch
        {
            '[' => ReadArray(depth),
            '{' => ReadInlineTable(depth),
            '"' or '\'' => ReadString(),
            _ => ReadToken(),
        };
    }

    private TomlScalar ReadString()
    {
        var position = cursor.Position;
        return TomlScalar.Of(strings.Read(), position);
    }

    private TomlArray ReadArray(int depth)
    {
        var start = cursor.Offset;
        var array = new TomlArray(cursor.Position);
        cursor.Open++;
        cursor.Offset++;
        while (true)
        {
            cursor.SkipBlankLines();
            if (cursor.TryTake(']'))
            {
                cursor.Open--;
                return array;
            }
            if (cursor.Current == ',')
                throw new TomlSyntaxException(cursor.Offset, "a comma without a value before it", "remove the comma");
            RefuseEnd(start, "array", ']');

            var value = Read(depth + 1);
            array.Add(value);
            if (value is TomlInvalid)
                SkipRestOfBrokenElement(']');
            cursor.SkipBlankLines();
            if (cursor.TryTake(',') || cursor.Current == ']')
                continue;
            RefuseEnd(start, "array", ']');
            throw new TomlSyntaxException(cursor.Offset, $"expected ',' or ']' in the array, found {cursor.Shown()}", "separate values with commas and close the array with ]");
        }
    }

    private TomlTable ReadInlineTable(int depth)
    {
        var start = cursor.Offset;
        var table = new TomlTable(cursor.Position);
        cursor.Offset++;
        cursor.SkipBlanks();
        if (!cursor.TryTake('}'))
        {
            do
            {
                ReadInlineEntry(start, table, depth);
            }
            while (cursor.TryTake(','));
            RefuseLineEnd(start);
            if (!cursor.TryTake('}'))
                throw new TomlSyntaxException(cursor.Offset, $"expected ',' or '}}' in the inline table, found {cursor.Shown()}", "separate entries with commas and close the table with }");
        }
        Seal(table);
        return table;
    }

    private void ReadInlineEntry(int start, TomlTable table, int depth)
    {
        cursor.SkipBlanks();
        RefuseLineEnd(start);
        if (cursor.Current == '}')
            throw new TomlSyntaxException(cursor.Offset, "an inline table may not end with a comma", "remove the comma before }");
        var key = keys.Read();
        if (!cursor.TryTake('='))
            throw new TomlSyntaxException(cursor.Offset, $"expected '=' after key {KeyReader.Shown(key)}, found {cursor.Shown()}", "write key = value");
        cursor.SkipBlanks();
        RefuseLineEnd(start);
        var value = Read(depth + key.Count);
        new TableBuilder(cursor).Assign(table, key, value);
        if (value is TomlInvalid)
            SkipRestOfBrokenElement('}');
        cursor.SkipBlanks();
    }

    /// <summary>Nothing can be added to a table in braces later, nor to the tables that its dotted keys made.</summary>
    private static void Seal(TomlTable table)
    {
        table.Origin = TableOrigin.Inline;
        foreach (var entry in table)
        {
            if (entry.Value is TomlTable { Origin: not TableOrigin.Inline } inner)
                Seal(inner);
        }
    }

    private TomlValue ReadToken()
    {
        var position = cursor.Position;
        var start = cursor.Offset;
        SkipToken();
        if (cursor.Offset == start)
            throw new TomlSyntaxException(start, $"expected a value, found {cursor.Shown()}", "a value is \"text\", a number, true, false, a date, an [array] or a { table }");
        // The one blank that may stand inside a value: between a date and a time.
        if (DateTimeReader.IsDate(cursor.Text[start..cursor.Offset]) && cursor.Current == ' ' && char.IsAsciiDigit(cursor.Peek(1)))
        {
            cursor.Offset++;
            SkipToken();
        }

        var token = cursor.Text[start..cursor.Offset];
        if (token is "true" or "false")
            return TomlScalar.Of(token == "true", position);
        var value = NumberReader.TryRead(token, position, out var fault);
        if (value is null && fault is null)
            value = DateTimeReader.TryRead(token, position, out fault);
        if (value is not null)
            return value;

        var (message, remedy) = fault ?? Explain(token);
        cursor.Report(start, message, remedy);
        return new TomlInvalid(position);
    }

    private static (string Message, string Remedy) Explain(string token)
    {
        if (token.Equals("true", StringComparison.OrdinalIgnoreCase) || token.Equals("false", StringComparison.OrdinalIgnoreCase))
            return ($"{token} is not a value", $"booleans are lower-case: {(token.Length == 4 ? "true" : "false")}");
        return ("this is neither text in quotation marks nor a number, a boolean or a date", "put text in quotation marks: \"text\"");
    }

    private void SkipToken()
    {
        while (!cursor.AtEnd && cursor.Current is not (' ' or '\t' or ',' or ']' or '}' or '#' or '=' or '\n' or '\r') && cursor.ControlCharacter() is null)
            cursor.Offset += cursor.RuneLength();
    }

    private void SkipRestOfBrokenElement(char close)
    {
        while (!cursor.AtEnd && cursor.LineEndLength == 0 && cursor.Current is not (',' or '#') && cursor.Current != close)
            cursor.Offset++;
    }

    private void RefuseEnd(int start, string what, char close)
    {
        if (cursor.AtEnd || (close == ']' && NextStatement.IsHere(cursor)))
            throw new TomlSyntaxException(start, $"the {what} that starts here is never closed", $"close it with {close}");
    }

    private void RefuseLineEnd(int start)
    {
        RefuseEnd(start, "inline table", '}');
        if (cursor.LineEndLength > 0 || cursor.Current == '#')
            throw new TomlSyntaxException(start, "the inline table that starts here does not end on its line", "write it on one line, or as a [table] of its own");
    }
}
