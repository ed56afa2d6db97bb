using System.Globalization;

namespace Mcp.Core;

/// <summary>Lengths of time as people write them in a file: "500ms", "30s", "5m", "12h", "30d".</summary>
public static class DurationText
{
    public const string Remedy = "write a number with ms, s, m, h or d behind it: \"500ms\", \"30s\", \"5m\", \"12h\", \"30d\"";

    private static readonly (string Name, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    /// <summary>null for what is not a duration; never negative.</summary>
    public static TimeSpan? TryParse(string text)
    {
        var written = text.Trim();
        var unit = written.AsSpan().TrimStart("0123456789.").ToString();
        var length = Array.Find(Units, u => u.Name == unit).Length;
        if (length == default
            || !double.TryParse(
                written.AsSpan(0, written.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out var number))
            return null;
        return number > 1_000_000 ? null : length * number;
    }

    /// <summary>The shortest text that reads back the same; for whole milliseconds.</summary>
    public static string Of(TimeSpan duration)
    {
        var (name, length) = Array.Find(Units, u => duration >= u.Length && duration.Ticks % u.Length.Ticks == 0);
        return length == default
            ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0}{(duration == default ? "s" : "ms")}")
            : string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / length.Ticks}{name}");
    }
}
