using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;
using Mcp.Core.Status;

namespace Mcp.Agent.Deploy;

/// <summary>What the registry database is to hold after an operation. Decides, and stores nothing.</summary>
internal static class StoredServices
{
    /// <summary>The service after a deploy of all (<paramref name="component"/> null) or one of its components; the others stay as they are
    /// stored. Images and host ports are known once the plan has been carried out.</summary>
    public static StoredService AfterDeploy(
        StoredService? before, ServiceDefinition definition, string? component, string actor, DateTimeOffset at)
    {
        StoredComponent Deployed(ComponentDefinition c) => new()
        {
            Definition = c,
            Desired = !definition.Active ? DesiredState.Stopped : c.Kind == ComponentKind.Task ? DesiredState.Completed
                : DesiredState.Running,
            Observed = before?.Component(c.Name)?.Observed ?? ObservedState.Unknown,
            ContainerId = before?.Component(c.Name)?.ContainerId,
            ObservedAt = before?.Component(c.Name)?.ObservedAt,
            Image = before?.Component(c.Name)?.Image,
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

    /// <summary>With the tasks as they were last run: what is not touched stays as it is stored.</summary>
    public static ServiceDefinition WithTasksOf(ServiceDefinition definition, StoredService? stored) => definition with
    {
        Components = definition.Components
            .Select(c => c.Kind == ComponentKind.Task && stored?.Component(c.Name)?.Definition is { Kind: ComponentKind.Task } last
                ? c with { Image = last.Image, Command = last.Command, Environment = last.Environment } : c)
            .ToValueList(),
    };

    /// <summary>With the images that these components run from now on.</summary>
    public static StoredService WithImages(
        StoredService service, IReadOnlyList<ComponentDefinition> deployed, IReadOnlyDictionary<string, DeployedImage> images) =>
        service with
    {
        Components = service.Components
            .Select(c => deployed.Any(d => d.Name == c.Definition.Name) ? c with { Image = images.GetValueOrDefault(c.Definition.Image) }
                : c)
            .ToValueList(),
    };

    /// <summary>With the host ports that the containers really have: fresh ones where a new one was made beside the old one.</summary>
    public static StoredService WithPorts(
        StoredService service, IReadOnlyList<ComponentDefinition> deployed, IReadOnlyList<AssignedPort> ports,
        IReadOnlySet<string> replaced) => service with
    {
        Components = service.Components
            .Select(c => deployed.Any(d => d.Name == c.Definition.Name) ? c with
            {
                HostPorts = ports.Where(p => p.Component == c.Definition.Name)
                    .Select(p => new RoutePort(p.Route, replaced.Contains(p.Component) ? p.Fresh ?? p.HostPort : p.HostPort)).ToValueList(),
            } : c)
            .ToValueList(),
    };

    public static IReadOnlyList<AssignedPort> Ports(StoredService service) =>
        service.Components.SelectMany(c => c.HostPorts.Select(p => new AssignedPort(c.Definition.Name, p.RouteName, p.HostPort))).ToList();

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
