using Mcp.Core.Collections;
using Mcp.Core.Planning;

namespace Mcp.Agent.Ingress;

/// <summary>There is no ingress yet: clients ask for a route's host port (`mcp route list`).</summary>
internal sealed class NoIngress : IRouteRegistrar
{
    public Task ApplyAsync(string service, ValueList<ServiceRoute> routes, CancellationToken cancellationToken) => Task.CompletedTask;
}
