using Mcp.Agent.Engine;
using Mcp.Agent.Events;
using Mcp.Agent.Ownership;
using Mcp.Agent.Registry;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;
using Mcp.Core.Status;

namespace Mcp.Agent.Monitor;

/// <summary>All components of the node: what the engine shows goes in; stored states, events and alerts come out. Used by one loop at a
/// time.</summary>
internal sealed class NodeWatch(
    OwnContainers own,
    EngineWatch engine,
    ServiceStore store,
    EventLog events,
    BusyServices busy,
    MonitorState state,
    AlertQueue alerts,
    MonitorOptions options,
    TimeProvider time)
{
    private readonly Dictionary<(string Service, string Component), ComponentWatch> _watches = [];
    private readonly HashSet<string> _orphans = new(StringComparer.Ordinal);

    /// <summary>Asks the engine once for everything and compares.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        if (await ListAsync(cancellationToken) is not { } containers)
            return;
        EngineBack();
        var byComponent = CurrentByComponent(containers);
        var services = store.List();
        foreach (var service in services)
        {
            // The list may be older than the operation's end; its end asks for another sweep.
            if (busy.WasBusy(service.Definition.Name, asked))
                continue;
            foreach (var component in service.Components)
                Compare(service.Definition.Name, component,
                    byComponent.GetValueOrDefault((service.Definition.Name, component.Definition.Name)), asked);
        }
        Forget(services);
        WarnOfOrphans(containers, services, asked);
        events.Prune();
    }

    /// <summary>Takes a change of state as the engine tells it. True when it takes a sweep to understand it.</summary>
    public bool Happened(ContainerEvent happened)
    {
        var (key, watch) = _watches.FirstOrDefault(w => w.Value.ContainerId == happened.ContainerId);
        if (watch is null)
        {
            // The end of an operation asks for a sweep of its own; ten for the containers that it makes would only slow it down.
            return happened.Action is "create" or "start" or "rename" && own.IsOwn(happened.Attributes)
                && !busy.WasBusy(happened.Attributes.GetValueOrDefault(ContainerLabels.Service, ""), happened.At);
        }
        if (busy.WasBusy(key.Service, happened.At))
            return false;
        if (Observation.Of(happened) is not { } seen)
            return happened.Action is "remove" or "rename" or "oom";
        Report(key, watch, seen);
        store.SetObserved(key.Service, key.Component, seen.State, seen.ContainerId, seen.At);
        return false;
    }

    public void OperationEnded(string service)
    {
        foreach (var (key, watch) in _watches)
            if (key.Service == service)
                watch.OperationEnded();
    }

    private async Task<IReadOnlyList<ContainerInfo>?> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await engine.PromptAsync(own.ListAsync, cancellationToken);
        }
        catch (EngineException e)
        {
            EngineLost($"{e.Message}; {e.Remedy}");
        }
        return null;
    }

    private void EngineLost(string why)
    {
        if (state.EngineError is not null)
            return;
        state.EngineError = why;
        foreach (var (key, watch) in _watches)
        {
            watch.EngineLost();
            state.Set(key.Service, key.Component, watch.Condition);
        }
        alerts.Offer(events.Append(new(EventKinds.EngineLost, why)));
        store.SetAllUnknown(time.GetUtcNow());
    }

    private void EngineBack()
    {
        if (state.EngineError is null)
            return;
        state.EngineError = null;
        alerts.Offer(events.Append(new(EventKinds.EngineBack, "the engine answers again")));
    }

    private void Compare(string service, StoredComponent component, ContainerInfo? container, DateTimeOffset asked)
    {
        var key = (service, component.Definition.Name);
        if (!_watches.TryGetValue(key, out var watch))
        {
            var before = new Observation(component.Observed, component.ObservedAt ?? asked, component.ContainerId);
            watch = _watches[key] = new(service, component.Definition.Name, before, options);
        }
        watch.Desired = component.Desired;
        var seen = Observation.Of(container, asked);
        Report(key, watch, seen);
        if (component.Observed != seen.State || component.ContainerId != seen.ContainerId)
            store.SetObserved(service, component.Definition.Name, seen.State, seen.ContainerId, asked);
    }

    private void Report((string Service, string Component) key, ComponentWatch watch, Observation seen)
    {
        var found = watch.Observe(seen, time.GetUtcNow());
        state.Set(key.Service, key.Component, watch.Condition);
        foreach (var happened in found)
            alerts.Offer(events.Append(happened));
    }

    /// <summary>Once for each, as long as it is there.</summary>
    private void WarnOfOrphans(IReadOnlyList<ContainerInfo> containers, IReadOnlyList<StoredService> services, DateTimeOffset asked)
    {
        var orphans = OwnContainers.Orphans(containers, services)
            .Where(o => !busy.WasBusy(o.Labels[ContainerLabels.Service], asked)).ToDictionary(o => o.Id);
        foreach (var orphan in orphans.Values.Where(o => !_orphans.Contains(o.Id)))
            events.Append(new(
                EventKinds.Orphan, OwnContainers.Describe(orphan), orphan.Labels[ContainerLabels.Service],
                orphan.Labels[ContainerLabels.Component]));
        _orphans.Clear();
        _orphans.UnionWith(orphans.Keys);
    }

    private void Forget(IReadOnlyList<StoredService> services)
    {
        var known = services.SelectMany(s => s.Components, (s, c) => (s.Definition.Name, c.Definition.Name)).ToHashSet();
        foreach (var key in _watches.Keys.Where(k => !known.Contains(k)).ToList())
            _watches.Remove(key);
        state.Replace(_watches.Select(w => KeyValuePair.Create(w.Key, w.Value.Condition)));
    }

    // An operation may keep an older container of the component under another name; the component is the one that has its name.
    /// <summary>podman reads its containers one after the other: while an operation renames two of them, both can have the same name in a
    /// list. That the first one is taken makes no difference, as such a service is busy, and its operation's end asks for another
    /// sweep.</summary>
    internal static Dictionary<(string Service, string Component), ContainerInfo> CurrentByComponent(
        IEnumerable<ContainerInfo> containers) =>
        containers
            .Where(IsCurrent)
            .DistinctBy(c => c.Name)
            .ToDictionary(c => (c.Labels[ContainerLabels.Service], c.Labels[ContainerLabels.Component]));

    private static bool IsCurrent(ContainerInfo container) =>
        container.Labels.TryGetValue(ContainerLabels.Service, out var service)
        && container.Labels.TryGetValue(ContainerLabels.Component, out var component)
        && container.Name == ContainerName.For(service, component);
}
