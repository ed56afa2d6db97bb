using System.Globalization;

namespace Mcp.Core.Definitions;

/// <summary>How much memory a container may use. In text a number of bytes, or one with b, k, m or g behind it (each 1024 of the one
/// before), as on the engines' command lines.</summary>
public sealed record MemoryLimit
{
    internal const string Form = "write a number with b, k, m or g behind it, 6m or more: memory = \"512m\"";

    /// <summary>Docker's minimum; podman takes less, but a definition should run on both.</summary>
    public const long Minimum = 6L << 20;

    private const string Units = "bkmg";

    private MemoryLimit(long bytes) => Bytes = bytes;

    public long Bytes { get; }

    /// <summary>Reads the text form; null when it isn't one.</summary>
    public static MemoryLimit? TryParse(string text) => TryParse(text, out _);

    /// <summary>Reads the text form; null when it isn't one, and <paramref name="fault"/> says why.</summary>
    public static MemoryLimit? TryParse(string text, out string fault)
    {
        var unit = text.Length > 0 ? Units.IndexOf(char.ToLowerInvariant(text[^1]), StringComparison.Ordinal) : -1;
        var digits = unit < 0 ? text : text[..^1];
        var shift = 10 * Math.Max(0, unit);
        var isNumber = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        fault = !isNumber || number > long.MaxValue >> shift ? "is not a size"
            : number << shift < Minimum ? "is less than docker allows"
            : "";
        return fault.Length > 0 ? null : new(number << shift);
    }

    /// <summary>The shortest text that reads back the same.</summary>
    public override string ToString()
    {
        var unit = Math.Min(Units.Length - 1, long.TrailingZeroCount(Bytes) / 10);
        return string.Create(CultureInfo.InvariantCulture, $"{Bytes >> (int)(10 * unit)}{Units[(int)unit]}");
    }
}
