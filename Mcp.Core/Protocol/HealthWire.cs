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
            Interval = health.Interval.ToWire(),
            Timeout = health.Timeout.ToWire(),
            Retries = health.Retries ?? 0,
            StartPeriod = health.StartPeriod.ToWire(),
            StayUp = health.StayUp.ToWire(),
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
        Interval = wire.Interval.ToMilliseconds(),
        Timeout = wire.Timeout.ToMilliseconds(),
        Retries = NullIfZero(wire.Retries),
        StartPeriod = wire.StartPeriod.ToMilliseconds(),
        StayUp = wire.StayUp.ToMilliseconds(),
    };

    private static int? NullIfZero(int number) => number == 0 ? null : number;
}
