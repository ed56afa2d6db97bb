using System.Globalization;

namespace Mcp.Core.Containers.Engine;

/// <summary>Engine timestamps: RFC 3339 with zero to nine digits of fraction, any offset, and year 1 for "never".</summary>
internal static class EngineTime
{
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset at)
    {
        // .NET keeps seven digits of a second; what is beyond is cut off.
        var dot = text.IndexOf('.');
        if (dot > 0)
        {
            var end = dot + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
            if (end - dot > 8)
                return TryParse(string.Concat(text[..(dot + 8)], text[end..]), out at);
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at);
    }

    /// <summary>null for absent and "never".</summary>
    public static DateTimeOffset? Read(string? text) => text is not null && TryParse(text, out var at) && at.Year > 1 ? at : null;

    /// <summary>Seconds since 1970 with nine digits of fraction, as the APIs' since parameters want it.</summary>
    public static string UnixSeconds(DateTimeOffset at)
    {
        var ticks = at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        return string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond * 100:D9}");
    }
}
