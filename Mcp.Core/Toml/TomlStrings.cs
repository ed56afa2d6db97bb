using System.Globalization;
using System.Text;

namespace Mcp.Core.Toml;

/// <summary>Text in quotation marks: literal where that spares escapes (Windows paths, JSON), else basic.</summary>
internal static class TomlStrings
{
    public static string Quote(string text)
    {
        var escapes = text.AsSpan().ContainsAny('"', '\\');
        if (escapes && !text.Any(c => c == '\'' || IsControl(c)))
            return $"'{text}'";

        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
            quoted.Append(Escape(c));
        return quoted.Append('"').ToString();
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when IsControl(c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
        _ => c.ToString(),
    };

    private static bool IsControl(char c) => c is < ' ' or '\x7f';
}
