using Mcp.Agent.Registry;

namespace Mcp.Agent.Ports;

/// <summary>Ports that are given to no other deploy while this lives. Once the rows that name them are stored, <see cref="Commit"/>;
/// disposing without it frees them.</summary>
internal sealed class PortReservation : IDisposable
{
    private readonly PortAllocator _allocator;

    internal PortReservation(PortAllocator allocator, IReadOnlyList<PortClaim> claims)
    {
        _allocator = allocator;
        Claims = claims;
    }

    internal IReadOnlyList<PortClaim> Claims { get; }

    /// <summary>The component's routes with their ports, in the order of the requests, as the registry database wants them.</summary>
    public IReadOnlyList<RoutePort> RoutesOf(string component) =>
        [.. Claims.Where(c => c.Component == component && c.Route is not null).Select(c => new RoutePort(c.Route!, c.HostPort))];

    public int Port(string component, string route) => RoutesOf(component).Single(p => p.RouteName == route).HostPort;

    /// <summary>The rows are stored and keep the ports from now on.</summary>
    public void Commit() => _allocator.Release(this);

    public void Dispose() => _allocator.Release(this);
}
