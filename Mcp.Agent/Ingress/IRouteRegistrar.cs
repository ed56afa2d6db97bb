using Mcp.Core.Collections;
using Mcp.Core.Planning;

namespace Mcp.Agent.Ingress;

/// <summary>The ingress, which has the external addresses of routes.</summary>
internal interface IRouteRegistrar
{
    /// <summary>From its return on, these are the service's routes, and new requests go to their host ports. Idempotent.</summary>
    /// <param name="routes">All routes of the service: what is not among them is removed. Empty: the service has none.</param>
    Task ApplyAsync(string service, ValueList<ServiceRoute> routes, CancellationToken cancellationToken);
}
