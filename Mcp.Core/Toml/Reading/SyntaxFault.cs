using Tomlyn.Syntax;

namespace Mcp.Core.Toml.Reading;

/// <summary>A syntax error in our words. Tomlyn's message only says which one it is and is never shown: it quotes the text, which may be
/// a secret.</summary>
/// <param name="Offset">Where it is; for what is never closed, where it was opened.</param>
/// <param name="Resume">Where reading resumes, given the text.</param>
internal sealed record SyntaxFault(int Offset, string Message, string Remedy, Func<string, int> Resume)
{
    private const string KeyRemedy = "a key is letters, digits, '-' and '_', or anything in quotation marks";

    // Beginning and end of Tomlyn's message, ours, the remedy. Of two that fit the first counts.
    private static readonly (string Start, string End, string Message, string Remedy)[] Words =
    [
        ("Unable to parse the date time", "", "this is not a date or time",
            "write 2006-01-02, 15:04, 2006-01-02T15:04:05 or 2006-01-02T15:04:05Z, or put it in quotation marks"),
        ("Invalid format of date time", "", "this is not a date or time",
            "write 2006-01-02, 15:04, 2006-01-02T15:04:05 or 2006-01-02T15:04:05Z, or put it in quotation marks"),
        ("Unexpected leading zero", "", "this number has a leading zero", "write it without, or as text in quotation marks"),
        ("Multiple leading 0", "", "this number has a leading zero", "write it without, or as text in quotation marks"),
        ("Unable to parse integer", "", TooLargeMessage, TooLargeRemedy),
        ("Invalid size of", "", TooLargeMessage, TooLargeRemedy),
        ("An underscore", "", "this number has an underscore that is not between two digits", "write 1_000 or 1000"),
        ("Missing a digit after a trailing underscore", "", "this number has an underscore that is not between two digits",
            "write 1_000 or 1000"),
        ("Invalid capital", "", "the prefix of this number is in capitals", "write 0x, 0o or 0b"),
        ("Expecting at least one digit", "", "this number lacks digits", "write 0.5, 1.0 or 1e6"),
        ("Invalid Unicode scalar", "", NoCharacterMessage, NoCharacterRemedy),
        ("Unexpected escape character", "", "this is not an escape",
            "write \\\\ for a backslash, or use a string in ' where it stands for itself"),
        ("Invalid escape", "", "this is not an escape", "write \\\\ for a backslash, or use a string in ' where it stands for itself"),
        ("Unexpected token end-of-line", "", "expected a value, found {found}",
            "a value is \"text\", a number, true, false, a date, an [array] or a { table }"),
        ("Unexpected token `", "for a value", "this is neither text in quotation marks nor a number, a boolean or a date",
            "put text in quotation marks: \"text\""),
        ("Unexpected token `", "for a base key", "expected a key, found {found}", KeyRemedy),
        ("Unexpected token [", "", "expected a key, found {found}", KeyRemedy),
        ("Expecting `=` after a key", "", "expected '=' after the key, found {found}", "write key = value"),
        ("Missing a `,`", "", "expected ',' or ']' in the array, found {found}", "separate values with commas and close the array with ]"),
        ("Unexpected token `", "Expecting a closing `]` for an array", "expected ',' or ']' in the array, found {found}",
            "separate values with commas and close the array with ]"),
        ("Unexpected token `", "", "expected ',' or '}' in the inline table, found {found}",
            "separate entries with commas and close the table with }"),
        ("Unexpected token found", "`closebracket`)", "expected ']' after the table's name, found {found}",
            "write [name], without text behind it"),
        ("Unexpected token found", "`closebracketdouble`)", "expected ']]' after the table's name, found {found}",
            "write [[name]], without text behind it"),
        ("Unexpected token found", "", "expected the end of the line, found {found}",
            "one statement per line; text that contains blanks needs quotation marks"),
        ("", "", "this is not TOML", "see https://toml.io/en/v1.1.0"),
    ];

    private const string NoCharacterMessage = "this escape is not a Unicode character";
    private const string NoCharacterRemedy = "surrogates and numbers above 10FFFF are not; write the character itself";
    private const string TooLargeMessage = "this integer does not fit into 64 bits";
    private const string TooLargeRemedy = "integers go from -9223372036854775808 to 9223372036854775807";

    public static SyntaxFault TooLarge(int offset) => new(offset, TooLargeMessage, TooLargeRemedy, text => text.Length);

    public static SyntaxFault NoCharacter(int offset) =>
        new(offset, NoCharacterMessage, NoCharacterRemedy, text => NextStatement.After(text, offset, open: 0, inTable: false));

    public static SyntaxFault TooDeep(int offset) =>
        new(offset, $"nested more than {TomlReader.MaxDepth} levels deep", "use fewer levels",
            text => NextStatement.After(text, offset, TomlReader.MaxDepth, inTable: false));

    /// <param name="statement">The one with the error; null where none can be recognised.</param>
    public static SyntaxFault Of(DiagnosticMessage fault, string text, SyntaxNode? statement)
    {
        var offset = Math.Min(fault.Span.Start.Offset, text.Length);
        if (fault.Message.StartsWith("Invalid newline in a string", StringComparison.Ordinal)
            || fault.Message.StartsWith("Invalid End-Of-File", StringComparison.Ordinal))
            return Unclosed(statement, text, offset);

        var open = OpenAt((statement as KeyValueSyntax)?.Value, offset);
        var inTable = open.LastOrDefault() is InlineTableSyntax;
        var line = text.LastIndexOf('\n', Math.Max(0, offset - 1)) + 1;
        var around = open.LastOrDefault(o => o.Span.Start.Offset < line || offset >= text.Length);
        if (around is not null && (offset >= text.Length || (around is ArraySyntax && NextStatement.IsAt(text, line))))
        {
            var (what, close) = around is ArraySyntax ? ("array", "]") : ("inline table", "}");
            return new(around.Span.Start.Offset, $"the {what} that starts here is never closed", $"close it with {close}",
                _ => offset >= text.Length ? text.Length : line);
        }

        // Where no value can begin, the message for a missing one says more.
        var missing = fault.Message.EndsWith("for a value", StringComparison.Ordinal)
            && (offset >= text.Length || text[offset] is ',' or ']' or '}' or '=');
        var words = missing ? "Unexpected token end-of-line" : fault.Message;
        var (_, _, message, remedy) = Words.First(w => words.StartsWith(w.Start, StringComparison.Ordinal)
            && words.EndsWith(w.End, StringComparison.Ordinal));
        return new(Start(text, offset, message), message.Replace("{found}", Found(text, offset), StringComparison.Ordinal), remedy,
            _ => NextStatement.After(text, offset, open.Count, inTable));
    }

    private static SyntaxFault Unclosed(SyntaxNode? statement, string text, int offset)
    {
        var token = statement?.Tokens(includeCommentsAndWhitespaces: false).LastOrDefault(t => t.Span.Start.Offset <= offset);
        var start = token?.Span.Start.Offset ?? offset;
        var quotes = start + 3 <= text.Length && text[start + 1] == text[start] && text[start + 2] == text[start] ? 3 : 1;
        return new(start, quotes == 3 ? "the multi-line string that starts here is never closed"
            : "the string that starts here is not closed on its line",
            $"close it with {new string(text[start], quotes)}", _ => NextStatement.After(text, start, quotes == 3 ? 1 : 0, inTable: false));
    }

    /// <summary>Arrays and inline tables that are open at an offset, outermost first.</summary>
    private static List<ValueSyntax> OpenAt(ValueSyntax? value, int offset)
    {
        List<ValueSyntax> open = [];
        while (value is ArraySyntax or InlineTableSyntax)
        {
            var close = value is ArraySyntax a ? a.CloseBracket : ((InlineTableSyntax)value).CloseBrace;
            if (close is not (null or InvalidSyntaxToken) && close.Span.Start.Offset < offset)
                break;
            open.Add(value);
            value = value is ArraySyntax array
                ? array.Items.LastOrDefault(i => i.Span.Start.Offset < offset)?.Value
                : ((InlineTableSyntax)value).Items.LastOrDefault(i => i.Span.Start.Offset < offset)?.KeyValue?.Value;
        }
        return open;
    }

    /// <summary>The beginning of the number or escape that the error is in.</summary>
    private static int Start(string text, int offset, string message)
    {
        if (message.StartsWith("this number", StringComparison.Ordinal) || message.StartsWith("the prefix", StringComparison.Ordinal))
        {
            while (offset > 0 && (char.IsAsciiLetterOrDigit(text[offset - 1]) || text[offset - 1] is '_' or '+' or '-' or '.'))
                offset--;
        }
        else if (message.StartsWith("this is not an escape", StringComparison.Ordinal)
            || message.StartsWith("this escape", StringComparison.Ordinal))
        {
            while (offset > 0 && text[offset] != '\\')
                offset--;
        }
        return offset;
    }

    private static string Found(string text, int offset) => offset >= text.Length ? "the end of the file" : text[offset] switch
    {
        '\n' => "the end of the line",
        '\t' => "a tab",
        _ => $"'{char.ConvertFromUtf32(char.ConvertToUtf32(text, offset))}'",
    };
}
