using Mcp.Agent.Registry;
using Mcp.Core.Containers;
using Mcp.Core.Planning;

namespace Mcp.Agent.Ownership;

/// <summary>Which containers belong to this agent. Several agents may use one engine: each lists, watches and changes its own
/// alone.</summary>
internal sealed class OwnContainers(IContainerRuntime runtime, Owner agent, ServiceStore services)
{
    /// <summary>The spec of a container that is this agent's.</summary>
    public ContainerSpec Mark(ContainerSpec spec) => spec with
    {
        Labels = new([.. spec.Labels, new(ContainerLabels.Agent, agent.Id), new(ContainerLabels.Node, agent.Node)]),
    };

    /// <summary>This agent's containers of all services.</summary>
    public async Task<IReadOnlyList<ContainerInfo>> ListAsync(CancellationToken cancellationToken) =>
        (await ListAsync(null, cancellationToken)).Own;

    /// <returns>Of all containers that an agent made, this one's and those of others.</returns>
    /// <param name="service">null: of all services.</param>
    public async Task<(IReadOnlyList<ContainerInfo> Own, IReadOnlyList<ContainerInfo> Others)> ListAsync(
        string? service, CancellationToken cancellationToken)
    {
        var all = await runtime.ListAsync(ContainerLabels.Filter(service), cancellationToken);
        var stored = new Lazy<IReadOnlySet<string>>(() => services.KnownServices.ToHashSet(StringComparer.Ordinal));
        var own = all.ToLookup(container => IsOwn(container.Labels, stored));
        return ([.. own[true]], [.. own[false]]);
    }

    /// <param name="labels">Of a container, or of an event about one.</param>
    public bool IsOwn(IReadOnlyDictionary<string, string> labels) =>
        IsOwn(labels, new(() => services.KnownServices.ToHashSet(StringComparer.Ordinal)));

    /// <summary>Those of this agent that belong to no stored component: what an agent leaves that has lost its registry database.</summary>
    public static IEnumerable<ContainerInfo> Orphans(IEnumerable<ContainerInfo> own, IEnumerable<StoredService> stored)
    {
        var known = stored.SelectMany(s => s.Components, (s, c) => (s.Definition.Name, c.Definition.Name)).ToHashSet();
        return own.Where(c => c.Labels.TryGetValue(ContainerLabels.Service, out var service)
            && c.Labels.TryGetValue(ContainerLabels.Component, out var component) && !known.Contains((service, component)));
    }

    /// <summary>A warning about one of <see cref="Orphans"/>.</summary>
    public static string Describe(ContainerInfo orphan)
    {
        var service = orphan.Labels[ContainerLabels.Service];
        var what = $"container {orphan.Name} ({orphan.Labels.GetValueOrDefault(ContainerLabels.Image, orphan.Image)})";
        return $"{what} was made by this agent, but its registry database has no such component: `mcp deploy {service}` takes it in, "
            + $"`mcp undeploy {service}` removes it";
    }

    /// <summary>To follow "a container that": whose it is.</summary>
    public string OwnerOf(ContainerInfo container) =>
        !container.Labels.ContainsKey(ContainerLabels.Managed) ? "was not made by an agent"
        : IsOwn(container.Labels) ? $"belongs to service {container.Labels.GetValueOrDefault(ContainerLabels.Service)}"
        : container.Labels.TryGetValue(ContainerLabels.Agent, out var id)
            ? $"belongs to another agent, that of node {container.Labels.GetValueOrDefault(ContainerLabels.Node)} (agent id {id})"
        : "an older agent made for a service that is not deployed here";

    /// <summary>Agents that had no id did not write it: such containers belong to the agent that has their service stored.</summary>
    private bool IsOwn(IReadOnlyDictionary<string, string> labels, Lazy<IReadOnlySet<string>> stored) =>
        labels.ContainsKey(ContainerLabels.Managed)
        && (labels.TryGetValue(ContainerLabels.Agent, out var id) ? id == agent.Id
            : labels.TryGetValue(ContainerLabels.Service, out var service) && stored.Value.Contains(service));
}
