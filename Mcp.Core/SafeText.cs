using System.Globalization;
using System.Text;

namespace Mcp.Core;

/// <summary>Text that came from elsewhere, made fit for a terminal, a log and the audit: nothing in it moves the cursor, changes the
/// terminal or hides what it says.</summary>
public static class SafeText
{
    /// <summary>Control characters (C0, C1, DEL), what changes the direction of writing, line and paragraph separators and halves of
    /// surrogate pairs become "\u001b" each; tabs stay.</summary>
    /// <param name="lines">Line feeds stay, too: the text has several lines.</param>
    public static string Of(string text, bool lines = false)
    {
        var i = 0;
        while (i < text.Length && IsPlain(text, i, lines))
            i++;
        if (i == text.Length)
            return text;
        var safe = new StringBuilder(text, 0, i, text.Length + 16);
        for (; i < text.Length; i++)
        {
            if (IsPlain(text, i, lines))
                safe.Append(text[i]);
            else
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
        }
        return safe.ToString();
    }

    /// <summary>The first line in safe form, cut with "..." where it is longer than this.</summary>
    public static string Line(string text, int length)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        // Not more than can matter is looked at: escaping makes text longer, never shorter.
        var line = Of(text[..Math.Min(end < 0 ? text.Length : end, length + 1)].TrimEnd('\r', ' '));
        return line.Length <= length ? line : line[..length] + "...";
    }

    private static bool IsPlain(string text, int at, bool lines) => text[at] switch
    {
        '\t' => true,
        '\n' => lines,
        // U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: bidirectional controls. U+2028 and U+2029 break lines.
        '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069') => false,
        var c when char.IsControl(c) => false,
        var c when char.IsHighSurrogate(c) => at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]),
        var c when char.IsLowSurrogate(c) => at > 0 && char.IsHighSurrogate(text[at - 1]),
        _ => true,
    };
}
