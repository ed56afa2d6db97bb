using System.Globalization;

namespace Mcp.Agent.Hosting;

/// <summary>Lengths of time as people write them in a configuration: "30s", "5m", "12h", "30d".</summary>
internal static class DurationText
{
    public const string Remedy = "write a number with s, m, h or d behind it: \"30s\", \"5m\", \"12h\", \"30d\"";

    public static TimeSpan? TryParse(string text)
    {
        var written = text.Trim();
        if (written.Length < 2 || !double.TryParse(written[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        TimeSpan? unit = written[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        return number > 1_000_000 ? null : unit * number;
    }
}
