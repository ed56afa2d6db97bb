using System.Globalization;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;

namespace Mcp.Core.Planning;

/// <summary>From a definition's component to the spec of its container.</summary>
public static class SpecBuilder
{
    /// <summary>The container for one component. <paramref name="ports"/> holds the host ports of its routes (others are
    /// ignored).</summary>
    /// <param name="release">null: no release is made.</param>
    public static ContainerSpec Build(
        string service, ComponentDefinition component, IEnumerable<AssignedPort> ports, string operationId, int? release = null)
    {
        var routePorts = ports.Where(p => p.Component == component.Name).ToList();
        var spec = new ContainerSpec
        {
            Name = ContainerName.For(service, component.Name),
            Image = component.Image,
            Network = component.Network,
            User = component.User,
            RestartPolicy = component.RestartPolicy,
            Memory = component.Memory?.Bytes,
            Ports = Bindings(component, routePorts),
            Mounts = component.Volumes.Select(v => new Mount(v.Source, v.Target, v.ReadOnly, v.Options)).ToValueList(),
            Command = component.Command,
            Environment = [.. component.Environment, .. PortVariables(component, routePorts)],
        };
        return spec with
        {
            Labels = new ValueMap(
            [
                new(ContainerLabels.Managed, "true"),
                new(ContainerLabels.Service, service),
                new(ContainerLabels.Component, component.Name),
                new(ContainerLabels.Image, component.Image),
                new(ContainerLabels.Operation, operationId),
                .. release is { } number ? [new(ContainerLabels.Release, number.ToString(CultureInfo.InvariantCulture))]
                    : Array.Empty<KeyValuePair<string, string>>(),
                new(ContainerLabels.Spec, SpecFingerprint.Of(spec)),
            ]),
        };
    }

    private static ValueList<PortBinding> Bindings(ComponentDefinition component, List<AssignedPort> routePorts)
    {
        // On the host's own network there is nothing to map: the container listens on the host's ports itself.
        if (component.Network == "host")
            return [];
        return
        [
            .. component.Ports.Select(p => new PortBinding(p.HostIp, p.HostPort, p.ContainerPort, p.Protocol)),
            .. routePorts.Select(p => new PortBinding("127.0.0.1", p.HostPort, p.HostPort)),
        ];
    }

    private static IEnumerable<string> PortVariables(ComponentDefinition component, List<AssignedPort> routePorts)
    {
        if (component.Routes.Count == 1 && routePorts.Count == 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"PORT={routePorts[0].HostPort}");
        foreach (var route in component.Routes.Where(r => r.Name.Length > 0))
            if (routePorts.Find(p => p.Route == route.Name) is { } port)
                yield return string.Create(CultureInfo.InvariantCulture, $"{route.PortVariable}={port.HostPort}");
    }
}
