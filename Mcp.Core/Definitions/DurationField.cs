using Mcp.Core.Toml;

namespace Mcp.Core.Definitions;

/// <summary>A length of time in a definition, in whole milliseconds.</summary>
internal static class DurationField
{
    public static string? Write(TimeSpan? duration) => duration is { } given ? DurationText.Of(given) : null;

    public static TimeSpan? Read(TableReader table, string key)
    {
        if (table.String(key, DurationText.Remedy) is not { } text)
            return null;
        if (DurationText.TryParse(text) is { } duration)
            return TimeSpan.FromMilliseconds(Math.Round(duration.TotalMilliseconds));
        table.Report(key, $"{key} = \"{text}\" is not a duration", DurationText.Remedy);
        return null;
    }
}
