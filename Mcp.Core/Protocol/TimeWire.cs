using System.Runtime.CompilerServices;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace Mcp.Core.Protocol;

/// <summary>Points in time and durations to the wire and back. One out of range is a <see cref="WireException"/> with the field.</summary>
internal static class TimeWire
{
    public static Timestamp? ToWire(this DateTimeOffset? at) => at is { } value ? Timestamp.FromDateTimeOffset(value) : null;

    public static Duration? ToWire(this TimeSpan? duration) => duration is { } value ? Duration.FromTimeSpan(value) : null;

    public static DateTimeOffset? ToTime(this Timestamp? wire, [CallerArgumentExpression(nameof(wire))] string field = "")
    {
        try
        {
            return wire?.ToDateTimeOffset();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw new WireException($"{Name(field)} is not a point in time: {wire!.Seconds} s and {wire.Nanos} ns");
        }
    }

    public static TimeSpan? ToDuration(this Duration? wire, [CallerArgumentExpression(nameof(wire))] string field = "")
    {
        try
        {
            return wire?.ToTimeSpan();
        }
        catch (Exception e) when (e is InvalidOperationException or OverflowException)
        {
            throw new WireException($"{Name(field)} is not a duration: {wire!.Seconds} s and {wire.Nanos} ns");
        }
    }

    /// <summary>As definitions have it, in whole milliseconds: what is stored equals what was sent.</summary>
    public static TimeSpan? ToMilliseconds(this Duration? wire, [CallerArgumentExpression(nameof(wire))] string field = "") =>
        wire.ToDuration(field) is { } exact ? TimeSpan.FromMilliseconds(Math.Round(exact.TotalMilliseconds)) : null;

    /// <summary>"start_period" for "wire.StartPeriod".</summary>
    private static string Name(string field) => JsonNamingPolicy.SnakeCaseLower.ConvertName(field[(field.LastIndexOf('.') + 1)..]);
}
