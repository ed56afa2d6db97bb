using System.Collections.Concurrent;
using Mcp.Agent.Ingress;
using Mcp.Core.Collections;
using Mcp.Core.Planning;

namespace Mcp.Agent.Tests.Deploy;

/// <summary>Keeps the routes that it was given.</summary>
internal sealed class RecordingRegistrar : IRouteRegistrar
{
    private readonly ConcurrentQueue<string> _applied = [];
    private readonly ConcurrentDictionary<string, ValueList<ServiceRoute>> _routes = [];

    /// <summary>Each call in order: "shop: web/site 20001, web/admin 20002".</summary>
    public IReadOnlyList<string> Applied => [.. _applied];

    /// <summary>null: all goes well.</summary>
    public Exception? Failure { get; set; }

    /// <summary>null: it was never told of the service.</summary>
    public ValueList<ServiceRoute>? Of(string service) => _routes.GetValueOrDefault(service);

    public void Clear() => _applied.Clear();

    public Task ApplyAsync(string service, ValueList<ServiceRoute> routes, CancellationToken cancellationToken)
    {
        if (Failure is not null)
            return Task.FromException(Failure);
        _routes[service] = routes;
        _applied.Enqueue($"{service}: {string.Join(", ", routes.Select(r => $"{r.Component}/{r.Name} {r.HostPort}"))}".TrimEnd());
        return Task.CompletedTask;
    }
}
