using Spectre.Console;

namespace Mcp.Cli.Output;

/// <param name="Weight">On a narrow terminal the column with the smallest weight goes first.</param>
/// <param name="Whole">Cut, it would say nothing: the others are cut instead.</param>
internal sealed record TableColumn(string Header, int Weight, bool RightAligned = false, bool Whole = false);

internal sealed record TableCell(string Text, Style? Style = null)
{
    public static implicit operator TableCell(string text) => new(text);
}

/// <summary>A table without lines: aligned columns, two spaces apart. Leaves out columns that are empty or do not fit, and cuts what is
/// still too wide.</summary>
internal sealed class TableView(params TableColumn[] columns)
{
    private const int Gap = 2;
    private const int NarrowestCut = 8;
    private static readonly Style HeaderStyle = new(decoration: Decoration.Bold);
    private readonly List<TableCell[]> _rows = [];
    private List<int> _shown = [];
    private int _written;

    public int Count => _rows.Count;

    public void Add(params TableCell[] cells) => _rows.Add(cells);

    /// <summary>Writes the rows that were added since it was last called; the header first, and again when other columns have
    /// something to show.</summary>
    /// <param name="width">Characters that a line may have; null: as wide as need be.</param>
    public void WriteTo(IAnsiConsole console, int? width, int indent = 0)
    {
        var shown = Enumerable.Range(0, columns.Length).Where(i => _rows.Exists(r => r[i].Text.Length > 0)).ToList();
        var widths = columns.Select((c, i) => _rows.Select(r => Width(r[i].Text)).Prepend(Width(c.Header)).Max()).ToArray();
        if (width is { } limit)
            Fit(shown, widths, limit - indent);

        var line = new Paragraph();
        if (!shown.SequenceEqual(_shown))
            WriteRow(line, shown, widths, indent, i => new TableCell(columns[i].Header, HeaderStyle));
        foreach (var row in _rows.Skip(_written))
            WriteRow(line, shown, widths, indent, i => row[i]);
        console.Write(line);
        (_shown, _written) = (shown, _rows.Count);
    }

    private void Fit(List<int> shown, int[] widths, int limit)
    {
        int Total() => shown.Sum(i => widths[i]) + (Gap * Math.Max(0, shown.Count - 1));
        while (Total() > limit)
        {
            var widest = shown.OrderByDescending(i => !columns[i].Whole).ThenByDescending(i => widths[i]).First();
            var excess = Total() - limit;
            if (widths[widest] - excess >= Math.Max(NarrowestCut, widths[widest] / 2) || shown.Count == 1)
            {
                widths[widest] = Math.Max(1, widths[widest] - excess);
                return;
            }
            shown.Remove(shown.MinBy(i => columns[i].Weight));
        }
    }

    private void WriteRow(Paragraph line, List<int> shown, int[] widths, int indent, Func<int, TableCell> cell)
    {
        line.Append(new string(' ', indent));
        foreach (var i in shown)
        {
            var (text, style) = cell(i);
            text = Cut(text, widths[i]);
            var padding = new string(' ', widths[i] - Width(text));
            var last = i == shown[^1];
            if (columns[i].RightAligned)
                line.Append(padding);
            line.Append(text, style);
            if (!last)
                line.Append((columns[i].RightAligned ? "" : padding) + new string(' ', Gap));
        }
        line.Append("\n");
    }

    private static string Cut(string text, int width) =>
        Width(text) <= width ? text : text[..Math.Max(0, Math.Min(text.Length, width - 1))] + "…";

    private static int Width(string text) => text.Length;
}
