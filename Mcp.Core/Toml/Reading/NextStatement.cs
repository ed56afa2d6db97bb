using System.Text.RegularExpressions;

namespace Mcp.Core.Toml.Reading;

/// <summary>Where reading goes on after a broken statement.</summary>
internal static partial class NextStatement
{
    /// <summary>The next line; after an error inside brackets or a multi-line string the next line that looks like a statement,
    /// since the rest of that value would only bring errors of its own.</summary>
    /// <param name="fault">Where the error is: for what is never closed, where it was opened.</param>
    public static int After(TextCursor cursor, int fault)
    {
        var text = cursor.Text;
        var open = cursor.Open;
        var end = LineEnd(text, fault);
        var rest = text.AsSpan(fault, end - fault);
        if (open > 0 && rest.Count(']') - rest.Count('[') >= open)
            open = 0;

        while (end < text.Length)
        {
            var line = end + 1;
            end = LineEnd(text, line);
            if (open == 0 || LooksLikeOne(text.AsSpan(line, end - line)))
                return line;
        }
        return text.Length;
    }

    /// <summary>Inside an array: the first thing on this line can't be an element, so the closing bracket was forgotten.</summary>
    public static bool IsHere(TextCursor cursor)
    {
        var line = cursor.Offset;
        while (line > 0 && cursor.Text[line - 1] is ' ' or '\t')
            line--;
        return line > 0 && cursor.Text[line - 1] == '\n' && LooksLikeOne(cursor.Text.AsSpan(line, LineEnd(cursor.Text, line) - line));
    }

    private static bool LooksLikeOne(ReadOnlySpan<char> line) => Assignment().IsMatch(line) || Header().IsMatch(line);

    private static int LineEnd(string text, int from)
    {
        var end = text.IndexOf('\n', from);
        return end < 0 ? text.Length : end;
    }

    [GeneratedRegex("""^[ \t]*([A-Za-z0-9_-]+|"([^"\\\r]|\\.)*"|'[^'\r]*')([ \t]*[.][ \t]*([A-Za-z0-9_-]+|"([^"\\\r]|\\.)*"|'[^'\r]*'))*[ \t]*=""", RegexOptions.ExplicitCapture)]
    private static partial Regex Assignment();

    // A bare word in brackets; numbers, booleans and quoted text could as well be a nested array.
    [GeneratedRegex(@"^[ \t]*\[\[?[ \t]*(?!(true|false|inf|nan)[ \t]*\])[A-Za-z_][A-Za-z0-9_'"". \t-]*\]\]?[ \t]*(#.*)?\r?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Header();
}
