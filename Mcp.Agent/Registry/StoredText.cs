using System.Globalization;

namespace Mcp.Agent.Registry;

/// <summary>How times and names of states stand in the database.</summary>
internal static class StoredText
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>Lengths of time stand in milliseconds.</summary>
    public static long? Span(TimeSpan? time) => time is { } given ? (long)Math.Round(given.TotalMilliseconds) : null;

    public static TimeSpan? Span(long? milliseconds) => milliseconds is { } given ? TimeSpan.FromMilliseconds(given) : null;

    public static string Name<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static T Value<T>(string name) where T : struct, Enum => Enum.Parse<T>(name, ignoreCase: true);
}
