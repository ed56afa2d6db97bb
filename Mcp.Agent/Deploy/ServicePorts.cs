using Mcp.Agent.Ports;
using Mcp.Agent.Registry;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>What a deploy asks of the port allocator: routes keep the host ports they had, fixed ports are had or the deploy is refused.</summary>
internal sealed class ServicePorts(PortAllocator allocator)
{
    public PortReservation Reserve(string service, IReadOnlyList<ComponentDefinition> wanted, StoredService? stored, ObservedService observed)
    {
        // Only what is up holds a port; a stopped container's bindings are no more than intentions.
        var held = observed.Containers.Where(c => c.State is ContainerState.Running or ContainerState.Restarting or ContainerState.Paused)
            .SelectMany(c => c.Ports).Select(p => (p.HostPort, p.Protocol)).ToHashSet();
        var routes = wanted.SelectMany(c => c.Routes.Select(r =>
        {
            var preferred = stored?.Component(c.Name)?.HostPort(r.Name);
            return new PortRequest(service, c.Name, r.Name, preferred, preferred is { } port && held.Contains((port, "tcp")));
        }));
        var fixedPorts = wanted.Where(c => c.Network != "host").SelectMany(c => c.Ports.Select(p =>
            new FixedPortRequest(service, c.Name, p.HostIp, p.HostPort, p.Protocol, held.Contains((p.HostPort, p.Protocol)))));
        return allocator.Reserve([.. routes], [.. fixedPorts]);
    }

    public static IReadOnlyList<AssignedPort> Assigned(PortReservation reservation, IReadOnlyList<ComponentDefinition> wanted) =>
        [.. wanted.SelectMany(c => reservation.RoutesOf(c.Name).Select(p => new AssignedPort(c.Name, p.RouteName, p.HostPort)))];
}
