using Mcp.Core.Collections;
using Mcp.Core.Planning;

namespace Mcp.Agent.Ingress;

/// <summary>Whoever holds the outer address of routes. A start-first deploy has it switch from the old container's host ports to the new one's.</summary>
internal interface IRouteRegistrar
{
    /// <summary>From its return on, new requests go to <see cref="RouteSwitch.To"/>. Doing it twice is as good as once.</summary>
    Task SwitchAsync(string service, string component, ValueList<RouteSwitch> routes, CancellationToken cancellationToken);
}
