using System.Globalization;
using System.Management.Automation;

namespace Mcp.PowerShell.Pipeline;

/// <summary>Lets -Since take a time, a TimeSpan ("that long ago"), or "90s", "10m", "2h", "3d".</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SinceAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            TimeSpan ago => Ago(ago),
            DateTimeOffset time => time.LocalDateTime,
            string text when TryParseAgo(text.Trim()) is { } ago => Ago(ago),
            string text when DateTime.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.AssumeLocal, out var time) => time,
            string text => throw new ArgumentTransformationMetadataException(
                $"'{text}' is neither a time nor a span of time; write 90s, 10m, 2h, 3d, a time such as '2026-11-22 13:00', or a TimeSpan"),
            _ => inputData,
        };
    }

    private static DateTime Ago(TimeSpan span) => TimeProvider.System.GetLocalNow().DateTime - span;

    private static TimeSpan? TryParseAgo(string text)
    {
        if (text.Length < 2 || !double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        return char.ToLowerInvariant(text[^1]) switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => null,
        };
    }
}
