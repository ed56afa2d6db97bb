using Mcp.Agent.Ports;
using Mcp.Agent.Registry;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>The host ports of a deploy: routes keep the ones they had, fixed ports are available or the deploy is refused. Where the old
/// and the new container may run at the same time, each route gets a second port for the new one.</summary>
internal sealed class ServicePorts(PortAllocator allocator)
{
    /// <param name="hold">False: the ports are only proposed, and another deploy may get them.</param>
    public ReservedPorts Assign(string service, IReadOnlyList<ComponentDefinition> wanted, StoredService? stored, ObservedService observed,
        bool hold)
    {
        // Only a container that is up holds a port; a stopped one binds it when it starts.
        var held = observed.Containers.Where(c => c.IsUp)
            .SelectMany(c => c.Ports).Select(p => (p.HostPort, p.Protocol)).ToHashSet();
        var kept = wanted.SelectMany(c => c.Routes.Select(r =>
        {
            var preferred = stored?.Component(c.Name) is { } known ? known.HostPort(r.Name) : UnstoredPort(c, r, observed);
            return new PortRequest(service, c.Name, r.Name, preferred, preferred is { } port && held.Contains((port, "tcp")));
        })).ToList();
        var beside = wanted.Where(c => observed.ContainersOf(c.Name).Any() && StrategyChoice.For(c).Strategy == DeployStrategy.StartFirst)
            .SelectMany(c => c.Routes.Select(r => new PortRequest(service, c.Name, r.Name))).ToList();
        var fixedPorts = wanted.Where(c => c.Network != "host").SelectMany(c => c.Ports.Select(p =>
            new FixedPortRequest(service, c.Name, p.HostIp, p.HostPort, p.Protocol, held.Contains((p.HostPort, p.Protocol))))).ToList();

        var reservation = hold ? allocator.Reserve([.. kept, .. beside], fixedPorts) : null;
        var routes = (reservation?.Claims ?? allocator.Propose(service, [.. kept, .. beside], fixedPorts)).Where(c => c.Route is not null)
            .ToList();
        var fresh = routes[kept.Count..].ToDictionary(f => (f.Component, f.Route), f => f.HostPort);
        return new(reservation, [.. routes[..kept.Count].Select(k => new AssignedPort(
            k.Component, k.Route!, k.HostPort, fresh.TryGetValue((k.Component, k.Route), out var port) ? port : null))]);
    }

    /// <summary>After the registry database was lost: the port that the component's container has for the route, so that it need not be
    /// replaced. The containers of routes are published on the same port on both sides, in the order of the routes.</summary>
    private static int? UnstoredPort(ComponentDefinition component, RouteDefinition route, ObservedService observed)
    {
        var container = observed.ContainersOf(component.Name).FirstOrDefault(c => c.IsUp);
        var ports = container?.Ports.Where(p => p.HostPort == p.ContainerPort && p.HostIp == "127.0.0.1").Select(p => p.HostPort)
            .Except(component.Ports.Select(p => p.HostPort)).ToList();
        var index = component.Routes.ToList().IndexOf(route);
        return ports is not null && index < ports.Count ? ports[index] : null;
    }
}

/// <summary>The host ports of one deploy. Those that are held are given to no other deploy until this is disposed or the rows that name
/// them are stored.</summary>
internal sealed class ReservedPorts(PortReservation? reservation, IReadOnlyList<AssignedPort> assigned) : IDisposable
{
    public IReadOnlyList<AssignedPort> Assigned => assigned;

    public void Dispose() => reservation?.Dispose();
}
