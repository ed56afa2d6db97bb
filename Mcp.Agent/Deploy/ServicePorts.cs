using Mcp.Agent.Ports;
using Mcp.Agent.Registry;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>What a deploy asks of the port allocator: routes keep the host ports they had, fixed ports are had or the deploy is refused. Where the old and
/// the new container may run side by side, a fresh port is held ready as well.</summary>
internal sealed class ServicePorts(PortAllocator allocator)
{
    public ReservedPorts Reserve(string service, IReadOnlyList<ComponentDefinition> wanted, StoredService? stored, ObservedService observed)
    {
        // Only what is up holds a port; a stopped container's bindings are no more than intentions.
        var held = observed.Containers.Where(c => c.IsUp)
            .SelectMany(c => c.Ports).Select(p => (p.HostPort, p.Protocol)).ToHashSet();
        var routes = wanted.SelectMany(c => c.Routes.Select(r =>
        {
            var preferred = stored?.Component(c.Name)?.HostPort(r.Name);
            return new PortRequest(service, c.Name, r.Name, preferred, preferred is { } port && held.Contains((port, "tcp")));
        }));
        var fixedPorts = wanted.Where(c => c.Network != "host").SelectMany(c => c.Ports.Select(p =>
            new FixedPortRequest(service, c.Name, p.HostIp, p.HostPort, p.Protocol, held.Contains((p.HostPort, p.Protocol)))));
        var kept = allocator.Reserve([.. routes], [.. fixedPorts]);
        try
        {
            var beside = wanted.Where(c => c.Routes.Count > 0 && observed.ContainersOf(c.Name).Any() && StrategyChoice.For(c).Strategy == DeployStrategy.StartFirst).ToList();
            var fresh = allocator.Reserve([.. beside.SelectMany(c => c.Routes.Select(r => new PortRequest(service, c.Name, r.Name, null, false)))], []);
            return new(kept, fresh, [.. wanted.SelectMany(c => kept.RoutesOf(c.Name).Select(p => new AssignedPort(
                c.Name, p.RouteName, p.HostPort, fresh.RoutesOf(c.Name).FirstOrDefault(f => f.RouteName == p.RouteName)?.HostPort)))]);
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }
}

/// <summary>The host ports of one deploy; nobody else is given them until it is disposed, or the rows that name them are stored.</summary>
internal sealed class ReservedPorts(PortReservation kept, PortReservation fresh, IReadOnlyList<AssignedPort> assigned) : IDisposable
{
    public IReadOnlyList<AssignedPort> Assigned => assigned;

    public void Dispose()
    {
        kept.Dispose();
        fresh.Dispose();
    }
}
