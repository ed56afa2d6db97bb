using System.Text;
using Mcp.Core.Toml;

namespace Mcp.Core.Client.Workstation;

/// <summary>Edits of mcp.toml's text that leave every other line as the user wrote it.</summary>
internal static class ConfigText
{
    /// <summary>Adds a [[nodes]] entry at the end, which is right after whatever stands there.</summary>
    public static string Add(string text, IEnumerable<(string Key, string Value)> entry)
    {
        var lineEnd = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var added = new StringBuilder(text);
        if (text.Length > 0)
            added.Append(text.EndsWith('\n') ? "" : lineEnd).Append(lineEnd);
        added.Append("[[nodes]]").Append(lineEnd);
        foreach (var (key, value) in entry)
            added.Append(key).Append(" = ").Append(TomlStrings.Quote(value)).Append(lineEnd);
        return added.ToString();
    }

    /// <summary>Takes out the [[nodes]] entry of that index. Comments above its header and those that stand before the next header stay.</summary>
    /// <returns>null when the text isn't made of lines that can be taken out (nodes = [{...}]).</returns>
    public static string? Remove(string text, int index)
    {
        var root = TomlReader.Read(text).Root;
        if (root["nodes"] is not TomlArray { IsArrayOfTables: true } nodes || index >= nodes.Count)
            return null;

        var lines = text.Split('\n');
        var first = nodes[index].Position.Line - 1;
        var after = Headers(root).Select(line => line - 1).Where(line => line > first).DefaultIfEmpty(lines.Length).Min();
        var next = after;
        while (after - 1 > first && IsBlankOrComment(lines[after - 1]))
            after--;
        // Blank lines right behind the entry go with it, so that adding and removing leave no growing gap.
        while (after < next && lines[after].Trim().Length == 0)
            after++;

        var kept = lines[..first].Concat(lines[after..]).ToList();
        while (after >= lines.Length && kept.Count > 1 && kept[^1].Trim().Length == 0 && kept[^2].Trim().Length == 0)
            kept.RemoveAt(kept.Count - 1);
        return string.Join('\n', kept) is var result && result.Length > 0 && !result.EndsWith('\n') && text.EndsWith('\n') ? result + "\n" : string.Join('\n', kept);
    }

    private static IEnumerable<int> Headers(TomlTable table)
    {
        foreach (var entry in table)
        {
            if (entry.Value is TomlArray { IsArrayOfTables: true } array)
            {
                foreach (var element in array.OfType<TomlTable>())
                {
                    yield return element.Position.Line;
                    foreach (var line in Headers(element))
                        yield return line;
                }
            }
            else if (entry.Value is TomlTable { Origin: TableOrigin.Header } inner)
            {
                yield return inner.Position.Line;
                foreach (var line in Headers(inner))
                    yield return line;
            }
        }
    }

    private static bool IsBlankOrComment(string line) => line.AsSpan().Trim() is var content && (content.IsEmpty || content[0] == '#');
}
