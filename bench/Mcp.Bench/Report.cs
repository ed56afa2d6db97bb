using System.Globalization;
using System.Text;
using Mcp.Bench.Measuring;

namespace Mcp.Bench;

/// <summary>The results as a table for the terminal and as markdown. Only what this run has measured is in it.</summary>
internal sealed class Report(IReadOnlyList<(string Name, string Value)> about, string commandLine)
{
    private readonly List<(Row Row, IReadOnlyList<Figure> Figures, string? Failure)> _rows = [];

    public void Add(Row row, IReadOnlyList<Figure> figures, string? failure) => _rows.Add((row, figures, failure));

    public static string Line(Figure figure)
    {
        var verdict = figure.Met switch { true => "met    ", false => "NOT MET", null => "       " };
        var peer = figure.Peer is null ? "" : $"; {figure.PeerName}: {Text(figure.Middle(figure.Peer), figure.Unit)}, {RatioText(figure)}";
        var before = figure.Before is null ? "" : $"; before: {Text(figure.Middle(figure.Before), figure.Unit)}";
        var goal = figure.Goal.Text.Length == 0 ? "" : $"; goal {figure.Goal.Text}";
        return $"  {verdict}  {figure.What}: {Text(figure.Middle(figure.Now), figure.Unit)}{peer}{before}{goal}";
    }

    public string Markdown()
    {
        var text = new StringBuilder();
        text.Append("# Results\n\nWritten by `").Append(commandLine).Append("`; every figure is from that one run. ")
            .Append("Of repeated measurements the median is\nshown, and a ratio is the median of the ratios of each round, ")
            .Append("in which all sides took turns. What is measured how, with its\nspread, is below.\n\n");
        foreach (var (name, value) in about)
            text.Append("- ").Append(name).Append(": ").Append(value).Append('\n');
        text.Append("\n| bench | goal | now | before | compared with | | ratio | before | |\n|---|---|---:|---:|---|---:|---:|---:|---|\n");
        foreach (var (row, figures, failure) in _rows)
        {
            foreach (var figure in figures)
                AppendLine(text, figure);
            if (failure is not null)
                text.Append("| ").Append(row.Title).Append(" | | | | | | | | failed: see below |\n");
        }
        var judged = _rows.SelectMany(r => r.Figures).Where(f => f.Met is not null).ToList();
        text.Append(CultureInfo.InvariantCulture, $"\n{judged.Count(f => f.Met == true)} of {judged.Count} goals are met.\n");
        foreach (var (row, figures, failure) in _rows)
            AppendDetails(text, row, figures, failure);
        return text.ToString();
    }

    private static void AppendLine(StringBuilder text, Figure figure)
    {
        string?[] cells =
        [
            figure.What, figure.Goal.Text, Text(figure.Middle(figure.Now), figure.Unit),
            figure.Before is null ? "" : Text(figure.Middle(figure.Before), figure.Unit), figure.PeerName,
            figure.Peer is null ? "" : Text(figure.Middle(figure.Peer), figure.Unit),
            figure.Ratio is { } ratio ? Number(ratio.Median) + " x" : "",
            figure.RatioBefore is { } earlier ? Number(earlier.Median) + " x" : "",
            figure.Met switch { true => "met", false => "**not met**", null => "" },
        ];
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }

    private static void AppendDetails(StringBuilder text, Row row, IReadOnlyList<Figure> figures, string? failure)
    {
        text.Append("\n## ").Append(row.Title).Append("\n\n").Append(Wrapped(row.Method)).Append('\n');
        if (failure is not null)
            text.Append("\nThis bench failed:\n\n").Append(Wrapped(failure)).Append('\n');
        if (figures.Count == 0)
            return;
        text.Append("\n| | median | quartiles | least..largest | n |\n|---|---:|---:|---:|---:|\n");
        foreach (var figure in figures)
        {
            Spread(figure.What, figure.Now, figure.Unit);
            if (figure.Before is { } before)
                Spread(figure.What + ", before", before, figure.Unit);
            if (figure.Peer is { } peer)
                Spread(figure.PeerName, peer, figure.Unit);
            if (figure.Ratio is { Values.Count: > 1 } ratio)
                Spread(figure.What + ", ratio", ratio, "x");
        }

        void Spread(string what, Samples samples, string unit) => text
            .Append("| ").Append(what).Append(" | ").Append(Text(samples.Median, unit)).Append(" | ")
            .Append(Number(samples.Quantile(0.25))).Append("..").Append(Number(samples.Quantile(0.75))).Append(" | ")
            .Append(Number(samples.Quantile(0))).Append("..").Append(Number(samples.Max)).Append(" | ")
            .Append(samples.Values.Count).Append(" |\n");
    }

    private static string RatioText(Figure figure) => Number(figure.Ratio!.Median) + (figure.Goal.IsInverse ? " x faster" : " x");

    private static string Text(double value, string unit) => $"{Number(value)} {unit}".TrimEnd();

    /// <summary>Three digits say all that such measurements can say.</summary>
    private static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.000", CultureInfo.InvariantCulture),
    };

    private static string Wrapped(string text)
    {
        const int Width = 130;
        var lines = new StringBuilder();
        var column = 0;
        foreach (var word in text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > 0)
                lines.Append(column + word.Length >= Width ? '\n' : ' ');
            column = column + word.Length >= Width ? word.Length : column + word.Length + 1;
            lines.Append(word);
        }
        return lines.ToString();
    }
}
