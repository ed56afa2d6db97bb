using Google.Protobuf.WellKnownTypes;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Wire = Mcp.V1;

namespace Mcp.Core.Protocol;

/// <summary>Health definitions to the wire and back.</summary>
internal static class HealthWire
{
    public static Wire.HealthDefinition ToWire(HealthDefinition health)
    {
        var wire = new Wire.HealthDefinition
        {
            Http = health.Http ?? "",
            Status = health.Status ?? 0,
            Host = health.Host ?? "",
            Tcp = health.Tcp,
            Exec = { health.Exec },
            Port = health.Port ?? 0,
            Interval = ToWire(health.Interval),
            Timeout = ToWire(health.Timeout),
            Retries = health.Retries ?? 0,
            StartPeriod = ToWire(health.StartPeriod),
            StayUp = ToWire(health.StayUp),
        };
        if (health.Image is { } image)
            wire.Image = image;
        // Empty is a name, too: that of a component's only route.
        if (health.Route is { } route)
            wire.Route = route;
        return wire;
    }

    public static HealthDefinition ToDefinition(Wire.HealthDefinition wire) => new()
    {
        Http = DefinitionWire.NullIfEmpty(wire.Http),
        Status = NullIfZero(wire.Status),
        Host = DefinitionWire.NullIfEmpty(wire.Host),
        Tcp = wire.Tcp,
        Exec = wire.Exec.ToValueList(),
        Image = wire.HasImage ? wire.Image : null,
        Route = wire.HasRoute ? wire.Route : null,
        Port = NullIfZero(wire.Port),
        Interval = ToTime(wire.Interval),
        Timeout = ToTime(wire.Timeout),
        Retries = NullIfZero(wire.Retries),
        StartPeriod = ToTime(wire.StartPeriod),
        StayUp = ToTime(wire.StayUp),
    };

    internal static Duration? ToWire(TimeSpan? time) => time is { } given ? Duration.FromTimeSpan(given) : null;

    /// <summary>Whole milliseconds: what is stored is to equal what was sent.</summary>
    internal static TimeSpan? ToTime(Duration? duration)
    {
        if (duration is null)
            return null;
        try
        {
            return TimeSpan.FromMilliseconds(Math.Round(duration.ToTimeSpan().TotalMilliseconds));
        }
        catch (Exception e) when (e is InvalidOperationException or OverflowException)
        {
            throw new ArgumentException($"'{duration.Seconds} s' is not a length of time that this version can read", e);
        }
    }

    private static int? NullIfZero(int number) => number == 0 ? null : number;
}
