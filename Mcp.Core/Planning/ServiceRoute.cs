using Mcp.Core.Collections;
using Mcp.Core.Definitions;

namespace Mcp.Core.Planning;

/// <summary>A route of a service and where it leads: all that the ingress has to know of it.</summary>
/// <param name="Name">Empty for a component's only route.</param>
/// <param name="Port">The outer port, 1-65535.</param>
/// <param name="Hostname">null: the ingress's own rule.</param>
/// <param name="HostPort">Where the container listens, on the node's loopback address.</param>
public sealed record ServiceRoute(string Component, string Name, int Port, RouteMode Mode, string? Hostname, int HostPort)
{
    /// <summary>The component's routes; those without a host port are left out.</summary>
    /// <param name="hostPort">The host port of a route, by the route's name; null: it has none.</param>
    public static ValueList<ServiceRoute> Of(ComponentDefinition component, Func<string, int?> hostPort) =>
        component.Routes.SelectMany(r => hostPort(r.Name) is { } port
            ? (ServiceRoute[])[new(component.Name, r.Name, r.Port, r.Mode, r.Hostname, port)]
            : []).ToValueList();
}
