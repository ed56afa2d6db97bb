using System.Globalization;
using System.Text;

namespace Mcp.Core.Toml.Reading;

/// <summary>Reads the four kinds of strings.</summary>
internal sealed class StringReader(TextCursor cursor)
{
    public string Read()
    {
        var quote = cursor.Current;
        var multiLine = cursor.Peek(1) == quote && cursor.Peek(2) == quote;
        return multiLine ? ReadMultiLine(quote) : ReadSingleLine(quote);
    }

    private string ReadSingleLine(char quote)
    {
        var start = cursor.Offset++;
        var text = new StringBuilder();
        while (cursor.AtEnd || cursor.Current != quote)
        {
            if (cursor.AtEnd || cursor.LineEndLength > 0)
                throw new TomlSyntaxException(start, $"the string that starts here is not closed before {cursor.Shown()}", $"close it with {quote}");
            ReadCharacter(quote, text);
        }
        cursor.Offset++;
        return text.ToString();
    }

    private string ReadMultiLine(char quote)
    {
        var start = cursor.Offset;
        var text = new StringBuilder();
        cursor.Open++;
        cursor.Offset += 3;
        cursor.Offset += cursor.LineEndLength;
        while (true)
        {
            if (cursor.AtEnd)
                throw new TomlSyntaxException(start, "the multi-line string that starts here is never closed", $"close it with {new string(quote, 3)}");
            if (cursor.Current == quote)
            {
                if (TryClose(quote, text))
                {
                    cursor.Open--;
                    return text.ToString();
                }
            }
            else if (cursor.LineEndLength > 0)
            {
                // The line end stays as the file has it, LF or CRLF.
                text.Append(cursor.Text, cursor.Offset, cursor.LineEndLength);
                cursor.Offset += cursor.LineEndLength;
            }
            else if (!(quote == '"' && cursor.Current == '\\' && TrySkipLineContinuation()))
            {
                ReadCharacter(quote, text);
            }
        }
    }

    /// <summary>Up to five quotation marks can end a multi-line string: two of its own and the closing three.</summary>
    private bool TryClose(char quote, StringBuilder text)
    {
        var count = 0;
        while (count < 5 && cursor.Peek(count) == quote)
            count++;
        cursor.Offset += count;
        text.Append(quote, count < 3 ? count : count - 3);
        return count >= 3;
    }

    /// <summary>A backslash as the last thing on a line swallows all white space up to the next character.</summary>
    private bool TrySkipLineContinuation()
    {
        var ahead = 1;
        while (cursor.Peek(ahead) is ' ' or '\t')
            ahead++;
        if (!(cursor.Peek(ahead) == '\n' || (cursor.Peek(ahead) == '\r' && cursor.Peek(ahead + 1) == '\n')))
            return false;
        cursor.Offset += ahead;
        while (cursor.Current is ' ' or '\t' || cursor.LineEndLength > 0)
            cursor.Offset += Math.Max(1, cursor.LineEndLength);
        return true;
    }

    private void ReadCharacter(char quote, StringBuilder text)
    {
        if (cursor.ControlCharacter() is { } control)
        {
            cursor.Report(cursor.Offset, $"{control} in a string", quote == '"' ? "write it as an escape (\\n, \\t, \\uXXXX)" : "use a string in \" and write it as an escape");
            cursor.Offset++;
            return;
        }
        if (quote == '"' && cursor.Current == '\\')
        {
            ReadEscape(text);
            return;
        }
        var length = cursor.RuneLength();
        text.Append(cursor.Text, cursor.Offset, length);
        cursor.Offset += length;
    }

    private void ReadEscape(StringBuilder text)
    {
        var start = cursor.Offset++;
        if (cursor.AtEnd || cursor.LineEndLength > 0)
            return;
        var c = cursor.Current;
        if (c is 'u' or 'U')
        {
            cursor.Offset++;
            ReadCodePoint(start, c == 'u' ? 4 : 8, text);
            return;
        }

        var meaning = c switch { 'b' => '\b', 't' => '\t', 'n' => '\n', 'f' => '\f', 'r' => '\r', '"' => '"', '\\' => '\\', _ => TextCursor.End };
        if (meaning == TextCursor.End)
            cursor.Report(start, $"a backslash followed by {cursor.Shown()} is not an escape", "write \\\\ for a backslash, or use a string in ' where it stands for itself");
        else
            text.Append(meaning);
        cursor.Offset += cursor.RuneLength();
    }

    private void ReadCodePoint(int start, int digits, StringBuilder text)
    {
        var from = cursor.Offset;
        while (cursor.Offset - from < digits && char.IsAsciiHexDigit(cursor.Current))
            cursor.Offset++;
        var hex = cursor.Text[from..cursor.Offset];
        if (hex.Length == digits && Rune.TryCreate(uint.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), out var rune))
            text.Append(rune);
        else if (hex.Length == digits)
            cursor.Report(start, $"{cursor.Text[start..cursor.Offset]} is not a Unicode character", "surrogates and numbers above 10FFFF are not; write the character itself");
        else
            cursor.Report(start, $"'{cursor.Text[start..cursor.Offset]}' has {hex.Length} of {digits} hexadecimal digits", "fill it up with leading zeros");
    }
}
