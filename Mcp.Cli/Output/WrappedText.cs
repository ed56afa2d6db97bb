using Spectre.Console;

namespace Mcp.Cli.Output;

/// <summary>Lines that don't run over the edge: what follows the first is indented like it.</summary>
internal static class WrappedText
{
    // Narrower than this there is nothing to be gained from an indent.
    private const int Narrowest = 24;

    /// <summary>Words as prose.</summary>
    /// <param name="width">Characters that a line may have; null: one line.</param>
    public static IEnumerable<string> Prose(string text, int? width, int indent) =>
        Fill(text.ReplaceLineEndings(" ").Split(' ', StringSplitOptions.RemoveEmptyEntries), Room(width, indent));

    /// <summary>A command line that can still be pasted into a POSIX shell: broken before options, with a backslash at the end.</summary>
    /// <param name="without">Options that begin like this are left out.</param>
    public static IEnumerable<string> Command(string line, int? width, int indent, string without)
    {
        var options = Options(line).Where(o => !o.StartsWith(without, StringComparison.Ordinal));
        if (width is null)
            return [string.Join(' ', options)];
        var lines = Fill(options, Room(width, indent + 4)).ToList();
        return lines.Select((l, i) => (i > 0 ? "  " : "") + l + (i < lines.Count - 1 ? " \\" : ""));
    }

    public static void AppendIndented(this Paragraph paragraph, IEnumerable<string> lines, int indent, Style style)
    {
        foreach (var line in lines)
            paragraph.Append(new string(' ', indent)).Append(line + "\n", style);
    }

    private static int? Room(int? width, int indent) => width is { } limit ? Math.Max(Narrowest, limit - indent) : null;

    private static IEnumerable<string> Fill(IEnumerable<string> words, int? room)
    {
        var line = "";
        foreach (var word in words)
        {
            if (line.Length > 0 && room is { } limit && line.Length + 1 + word.Length > limit)
            {
                yield return line;
                line = "";
            }
            line = line.Length == 0 ? word : $"{line} {word}";
        }
        if (line.Length > 0)
            yield return line;
    }

    /// <summary>Each option with its value, then each argument; what is quoted stays whole.</summary>
    private static IEnumerable<string> Options(string line)
    {
        var word = "";
        foreach (var next in Words(line))
        {
            var follows = word.StartsWith('-') && !word.Contains(' ', StringComparison.Ordinal) && word != "-d" && !next.StartsWith('-');
            if (follows || word is "podman" or "docker" or "podman run" or "docker run")
            {
                word += " " + next;
                continue;
            }
            if (word.Length > 0)
                yield return word;
            word = next;
        }
        if (word.Length > 0)
            yield return word;
    }

    private static IEnumerable<string> Words(string line)
    {
        var (start, quoted) = (0, false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\'' && (i == 0 || quoted || line[i - 1] != '\\'))
                quoted = !quoted;
            if (line[i] != ' ' || quoted)
                continue;
            yield return line[start..i];
            start = i + 1;
        }
        yield return line[start..];
    }
}
