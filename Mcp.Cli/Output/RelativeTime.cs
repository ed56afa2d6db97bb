using System.Globalization;

namespace Mcp.Cli.Output;

/// <summary>Spans of time as people say them: one unit, the largest that fits.</summary>
internal static class RelativeTime
{
    public static string Ago(DateTimeOffset? at, DateTimeOffset now) =>
        at is { } then ? now - then < TimeSpan.FromSeconds(1) ? "now" : Span(now - then) + " ago" : "";

    /// <summary>"42s", "5m", "3h", "12d", "2y".</summary>
    public static string Span(TimeSpan span)
    {
        var (value, unit) = span.Duration() switch
        {
            { TotalSeconds: < 90 } s => (s.TotalSeconds, "s"),
            { TotalMinutes: < 90 } s => (s.TotalMinutes, "m"),
            { TotalHours: < 36 } s => (s.TotalHours, "h"),
            { TotalDays: < 730 } s => (s.TotalDays, "d"),
            var s => (s.TotalDays / 365, "y"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(value):0}{unit}");
    }

    /// <summary>How long something took: "0.4s", "12s", "3m 05s".</summary>
    public static string Elapsed(TimeSpan span) => span switch
    {
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0}s"),
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalMinutes):0}m {span.Seconds:00}s"),
    };
}
