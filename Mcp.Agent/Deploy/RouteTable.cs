using System.Collections.Concurrent;
using Mcp.Agent.Ingress;
using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>The routes of each service as they are now: those that are stored, or, in the middle of a deploy, with those that lead to a new
/// container already. The registrar always gets the service's whole set.</summary>
internal sealed class RouteTable(ServiceStore services, IRouteRegistrar registrar) : IDisposable
{
    private readonly ConcurrentDictionary<string, ValueList<ServiceRoute>> _switched = new(StringComparer.Ordinal);

    // Components are switched in parallel, and each of them changes a part of the same set.
    private readonly SemaphoreSlim _gate = new(1, 1);

    public ValueList<ServiceRoute> Of(StoredService service) => _switched.GetValueOrDefault(service.Definition.Name) ?? Stored(service);

    /// <summary>Has a component's routes lead to its new container. It is forgotten with <see cref="ApplyStoredAsync"/>.</summary>
    /// <param name="routes">All of the component's.</param>
    public Task SwitchAsync(string service, string component, ValueList<ServiceRoute> routes, CancellationToken cancellationToken)
    {
        return ApplyAsync(service, WithSwitched, cancellationToken);

        ValueList<ServiceRoute> WithSwitched()
        {
            var before = _switched.GetValueOrDefault(service) ?? Stored(services.Find(service));
            return before.Where(r => r.Component != component).Concat(routes).ToValueList();
        }
    }

    /// <summary>The routes are what is stored: once a deploy is recorded, when one is rolled back, and when the service is gone.</summary>
    /// <returns>False: they were all the time.</returns>
    public Task<bool> ApplyStoredAsync(string service, CancellationToken cancellationToken) =>
        ApplyAsync(service, () => null, cancellationToken);

    /// <summary>Once more, of all services that are stored: the registrar may know nothing of them. Where a definition can't be read, its
    /// routes stay as they are.</summary>
    public async Task ApplyAllAsync(CancellationToken cancellationToken)
    {
        foreach (var service in services.List().Where(s => s.Problem.Length == 0).Select(s => s.Definition.Name))
            await ApplyAsync(service, () => _switched.GetValueOrDefault(service), cancellationToken);
    }

    public void Dispose() => _gate.Dispose();

    /// <param name="switched">null: what is stored.</param>
    /// <returns>Whether some had been switched.</returns>
    private async Task<bool> ApplyAsync(string service, Func<ValueList<ServiceRoute>?> switched, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var next = switched();
            await registrar.ApplyAsync(service, next ?? Stored(services.Find(service)), cancellationToken);
            var before = _switched.ContainsKey(service);
            if (next is null)
                _switched.TryRemove(service, out _);
            else
                _switched[service] = next;
            return before;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static ValueList<ServiceRoute> Stored(StoredService? service) =>
        (service?.Components.SelectMany(c => ServiceRoute.Of(c.Definition, c.HostPort)) ?? []).ToValueList();
}
