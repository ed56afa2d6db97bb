using System.Globalization;

namespace Grpc.Net.Common.Wire;

/// <summary>The coding of <c>grpc-timeout</c>: at most eight digits and a unit (H, M, S, m, u, n).</summary>
internal static class TimeoutCoding
{
    private const long MaxDigits = 99_999_999;

    private static readonly (char Unit, long Ticks)[] Units =
    [
        ('m', TimeSpan.TicksPerMillisecond),
        ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute),
        ('H', TimeSpan.TicksPerHour),
    ];

    /// <summary>Rounded up, in the finest unit from milliseconds on that has room for it.</summary>
    public static string Encode(TimeSpan timeout)
    {
        if (timeout.Ticks <= 0)
            return "1n";
        foreach (var (unit, ticks) in Units)
        {
            var amount = timeout.Ticks / ticks + (timeout.Ticks % ticks == 0 ? 0 : 1);
            if (amount <= MaxDigits)
                return amount.ToString(CultureInfo.InvariantCulture) + unit;
        }
        throw new ArgumentOutOfRangeException(nameof(timeout));
    }

    public static bool TryDecode(string? text, out TimeSpan timeout)
    {
        timeout = default;
        if (text is not { Length: >= 2 and <= 9 }
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
            return false;

        var last = text[^1];
        TimeSpan? parsed = last switch
        {
            'H' => TimeSpan.FromTicks(amount * TimeSpan.TicksPerHour),
            'M' => TimeSpan.FromTicks(amount * TimeSpan.TicksPerMinute),
            'S' => TimeSpan.FromTicks(amount * TimeSpan.TicksPerSecond),
            'm' => TimeSpan.FromTicks(amount * TimeSpan.TicksPerMillisecond),
            'u' => TimeSpan.FromTicks(amount * TimeSpan.TicksPerMicrosecond),
            'n' => TimeSpan.FromTicks(amount / TimeSpan.NanosecondsPerTick),
            _ => null,
        };
        timeout = parsed ?? default;
        return parsed is not null;
    }
}
