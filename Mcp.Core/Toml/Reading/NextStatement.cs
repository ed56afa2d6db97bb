using System.Text.RegularExpressions;

namespace Mcp.Core.Toml.Reading;

/// <summary>Where reading resumes after a broken statement.</summary>
internal static partial class NextStatement
{
    /// <summary>The next line; after an error inside brackets or a multi-line string the line after the closing one, or the next that
    /// looks like a statement, since the rest of that value would only bring errors of its own.</summary>
    /// <param name="fault">Where the error is; for a string that is never closed, where it was opened.</param>
    /// <param name="open">How many arrays, inline tables and multi-line strings are open there.</param>
    /// <param name="inTable">The innermost is an inline table, whose entries look like statements.</param>
    public static int After(string text, int fault, int open, bool inTable)
    {
        var (line, end) = (fault, LineEnd(text, fault));
        while (end < text.Length)
        {
            var content = text.AsSpan(line, end - line);
            open -= content.Count(']') + content.Count('}') - content.Count('[') - content.Count('{');
            line = end + 1;
            end = LineEnd(text, line);
            if (open <= 0 || Header().IsMatch(text.AsSpan(line, end - line)) || (!inTable && IsAt(text, line)))
                return line;
        }
        return text.Length;
    }

    /// <summary>Whether the line that begins there looks like a statement.</summary>
    public static bool IsAt(string text, int line)
    {
        var content = text.AsSpan(line, LineEnd(text, line) - line);
        return Assignment().IsMatch(content) || Header().IsMatch(content);
    }

    private static int LineEnd(string text, int from)
    {
        var end = text.IndexOf('\n', from);
        return end < 0 ? text.Length : end;
    }

    [GeneratedRegex("""^[ \t]*([A-Za-z0-9_-]+|"([^"\\]|\\.)*"|'[^']*')([ \t]*[.][ \t]*([A-Za-z0-9_-]+|"([^"\\]|\\.)*"|'[^']*'))*[ \t]*=""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Assignment();

    // A bare word in brackets; numbers, booleans and quoted text could as well be a nested array.
    [GeneratedRegex(@"^[ \t]*\[\[?[ \t]*(?!(true|false|inf|nan)[ \t]*\])[A-Za-z_][A-Za-z0-9_'"". \t-]*\]\]?[ \t]*(#.*)?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Header();
}
