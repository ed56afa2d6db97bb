using System.Globalization;

namespace Mcp.Bench.Measuring;

/// <summary>What a figure has to be. <paramref name="IsRatio"/>: it is one of ours to the peer's, round by round.</summary>
internal sealed record Goal(string Text, bool IsRatio, bool IsInverse, Func<double, bool> Met)
{
    /// <summary>Ours may take so many times as much as the peer.</summary>
    public static Goal AtMostTimes(double limit) => new(Invariant($"<= {limit} x"), true, false, ratio => ratio <= limit);

    /// <summary>Ours has to do so many times as much as the peer.</summary>
    public static Goal AtLeastTimes(double limit) => new(Invariant($">= {limit} x"), true, false, ratio => ratio >= limit);

    /// <summary>The peer has to take so many times as long as ours.</summary>
    public static Goal TimesFaster(double limit) => new(Invariant($">= {limit} x faster"), true, true, ratio => ratio >= limit);

    public static Goal AtMost(double limit, string unit) => new(Invariant($"<= {limit} {unit}"), false, false, value => value <= limit);

    public static Goal Below(double limit, string unit) => new(Invariant($"< {limit} {unit}"), false, false, value => value < limit);

    /// <summary>A figure that is only shown.</summary>
    public static Goal None { get; } = new("", false, false, _ => true);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
