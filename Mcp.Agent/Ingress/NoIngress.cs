using Mcp.Core.Collections;
using Mcp.Core.Planning;

namespace Mcp.Agent.Ingress;

/// <summary>There is no ingress yet: who wants a route asks for its host port (`mcp route list`).</summary>
internal sealed class NoIngress : IRouteRegistrar
{
    public Task SwitchAsync(string service, string component, ValueList<RouteSwitch> routes, CancellationToken cancellationToken) => Task.CompletedTask;
}
