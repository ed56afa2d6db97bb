namespace Mcp.Core.Toml.Reading;

/// <summary>One part of a dotted key.</summary>
internal readonly record struct KeyPart(string Name, int Offset);

/// <summary>Reads bare, quoted and dotted keys.</summary>
internal sealed class KeyReader(TextCursor cursor, StringReader strings)
{
    public List<KeyPart> Read()
    {
        List<KeyPart> parts = [];
        do
        {
            cursor.SkipBlanks();
            parts.Add(ReadPart());
            cursor.SkipBlanks();
            if (parts.Count > NestingLimit.Max)
                throw NestingLimit.Exceeded(parts[0].Offset);
        }
        while (cursor.TryTake('.'));
        return parts;
    }

    public static bool IsBare(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    public static string Shown(IEnumerable<KeyPart> parts) => string.Join('.', parts.Select(p => TomlWriter.Key(p.Name)));

    private KeyPart ReadPart()
    {
        var start = cursor.Offset;
        if (cursor.Current is '"' or '\'')
        {
            if (cursor.At("\"\"\"") || cursor.At("'''"))
                throw new TomlSyntaxException(start, "a key can't be a multi-line string", "write it with single quotation marks: \"key\"");
            return new(strings.Read(), start);
        }

        while (IsBare(cursor.Current))
            cursor.Offset++;
        if (cursor.Offset == start)
            throw new TomlSyntaxException(start, $"expected a key, found {cursor.Shown()}", "a key is letters, digits, '-' and '_', or anything in quotation marks");
        return new(cursor.Text[start..cursor.Offset], start);
    }
}
