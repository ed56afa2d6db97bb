using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;
using Mcp.Core.Status;

namespace Mcp.Agent.Deploy;

/// <summary>What the registry database is to hold after an operation. Decides, and stores nothing but in <see cref="Without"/>.</summary>
internal static class StoredServices
{
    /// <summary>The service after a deploy of all (<paramref name="component"/> null) or one of its components; the others stay as they are stored.</summary>
    public static StoredService AfterDeploy(
        StoredService? before, ServiceDefinition definition, string? component, IReadOnlyList<AssignedPort> ports, string actor, DateTimeOffset at)
    {
        var desired = definition.Active ? DesiredState.Running : DesiredState.Stopped;
        StoredComponent Deployed(ComponentDefinition c) => new()
        {
            Definition = c,
            Desired = desired,
            Observed = before?.Component(c.Name)?.Observed ?? ObservedState.Unknown,
            ContainerId = before?.Component(c.Name)?.ContainerId,
            ObservedAt = before?.Component(c.Name)?.ObservedAt,
            Image = before?.Component(c.Name)?.Image,
            HostPorts = ports.Where(p => p.Component == c.Name).Select(p => new RoutePort(p.Route, p.HostPort)).ToValueList(),
        };

        var components = component is null
            ? definition.Components.Select(Deployed).ToList()
            : Merge(before?.Components ?? [], Deployed(definition.Components.First(c => c.Name == component)));
        return new StoredService
        {
            Definition = definition with { Components = components.Select(c => c.Definition).ToValueList() },
            DeployedAt = at,
            DeployedBy = actor,
            Components = components.ToValueList(),
        };
    }

    /// <summary>With the images that these components run from now on.</summary>
    public static StoredService WithImages(StoredService service, IReadOnlyList<ComponentDefinition> deployed, IReadOnlyDictionary<string, DeployedImage> images) => service with
    {
        Components = service.Components
            .Select(c => deployed.Any(d => d.Name == c.Definition.Name) ? c with { Image = images.GetValueOrDefault(c.Definition.Image) } : c)
            .ToValueList(),
    };

    public static IReadOnlyList<AssignedPort> Ports(StoredService service) =>
        service.Components.SelectMany(c => c.HostPorts.Select(p => new AssignedPort(c.Definition.Name, p.RouteName, p.HostPort))).ToList();

    /// <summary>Forgets one component; a service without any is forgotten whole.</summary>
    public static void Without(ServiceStore store, StoredService service, string component)
    {
        if (service.Components.All(c => c.Definition.Name == component))
            store.Delete(service.Definition.Name);
        else
            store.DeleteComponent(service.Definition.Name, component);
    }

    private static List<StoredComponent> Merge(IEnumerable<StoredComponent> existing, StoredComponent deployed)
    {
        var merged = existing.ToList();
        var at = merged.FindIndex(c => c.Definition.Name == deployed.Definition.Name);
        if (at < 0)
            merged.Add(deployed);
        else
            merged[at] = deployed;
        return merged;
    }
}
