using Mcp.Agent.Ingress;
using Mcp.Core.Collections;
using Mcp.Core.Planning;

namespace Mcp.Agent.Tests.Deploy;

/// <summary>Notes where routes go.</summary>
internal sealed class RecordingRegistrar : IRouteRegistrar
{
    private readonly List<string> _switched = [];

    /// <summary>"web/site 20001 -> 20002", in order.</summary>
    public IReadOnlyList<string> Switched => _switched;

    /// <summary>null: all goes well.</summary>
    public Exception? Failure { get; set; }

    public Task SwitchAsync(string service, string component, ValueList<RouteSwitch> routes, CancellationToken cancellationToken)
    {
        if (Failure is not null)
            return Task.FromException(Failure);
        lock (_switched)
            _switched.AddRange(routes.Select(r => $"{component}/{r.Route} {r.From} -> {r.To}"));
        return Task.CompletedTask;
    }
}
