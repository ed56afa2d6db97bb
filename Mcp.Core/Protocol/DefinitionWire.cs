using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Wire = Mcp.V1;

namespace Mcp.Core.Protocol;

/// <summary>Definitions to the wire and back. Text that cannot be read is refused with a <see cref="WireException"/>.</summary>
public static class DefinitionWire
{
    public static Wire.ServiceDefinition ToWire(this ServiceDefinition definition)
    {
        var wire = new Wire.ServiceDefinition
        {
            Name = definition.Name,
            Node = definition.Node ?? "",
            Active = definition.Active,
            Path = definition.Path ?? "",
            Version = definition.Version ?? "",
            Tier = definition.Tier ?? "",
            Components = { definition.Components.Select(ToWire) },
        };
        foreach (var (image, dockerfile) in definition.BuildImages)
            wire.BuildImages[image] = dockerfile;
        foreach (var (name, value) in definition.BuildArguments)
            wire.BuildArguments[name] = value;
        return wire;
    }

    public static ServiceDefinition ToDefinition(this Wire.ServiceDefinition wire) => new()
    {
        Name = wire.Name,
        Node = NullIfEmpty(wire.Node),
        Active = wire.Active,
        Path = NullIfEmpty(wire.Path),
        Version = NullIfEmpty(wire.Version),
        Tier = NullIfEmpty(wire.Tier),
        BuildImages = new ValueMap(wire.BuildImages),
        BuildArguments = new ValueMap(wire.BuildArguments),
        Components = wire.Components.Select(ToDefinition).ToValueList(),
    };

    private static Wire.ComponentDefinition ToWire(ComponentDefinition component) => new()
    {
        Name = component.Name,
        Image = component.Image,
        Network = component.Network ?? "",
        User = component.User ?? "",
        Restart = component.Restart ?? "",
        Memory = component.Memory?.ToString() ?? "",
        Ports = { component.Ports.Select(p => p.ToString()) },
        Volumes = { component.Volumes.Select(v => v.ToString()) },
        Cmd = { component.Command },
        Env = { component.Environment },
        Routes = { component.Routes.Select(ToWire) },
        Health = component.Health is { } health ? HealthWire.ToWire(health) : null,
        Kind = EnumWire.ComponentKinds.ToWire(component.Kind),
        Strategy = EnumWire.Strategies.ToWire(component.Strategy),
        Drain = component.Drain.ToWire(),
        StopTimeout = component.StopTimeout.ToWire(),
        Timeout = component.Timeout.ToWire(),
        DependsOn = { component.DependsOn },
    };

    private static ComponentDefinition ToDefinition(Wire.ComponentDefinition wire) => new()
    {
        Name = wire.Name,
        Image = wire.Image,
        Network = NullIfEmpty(wire.Network),
        User = NullIfEmpty(wire.User),
        Restart = NullIfEmpty(wire.Restart),
        Memory = NullIfEmpty(wire.Memory) is { } memory
            ? MemoryLimit.TryParse(memory, out var reason) ?? throw Unreadable("memory", wire, memory, "it " + reason)
            : null,
        Ports = wire.Ports.Select(p => PortMapping.TryParse(p, out var fault) ?? throw Unreadable("ports", wire, p, fault)).ToValueList(),
        Volumes = wire.Volumes.Select(v => VolumeMount.TryParse(v, out var fault) ?? throw Unreadable("volumes", wire, v, fault))
            .ToValueList(),
        Command = wire.Cmd.ToValueList(),
        Environment = wire.Env.ToValueList(),
        Routes = wire.Routes.Select(ToDefinition).ToValueList(),
        Health = wire.Health is { } health ? HealthWire.ToDefinition(health) : null,
        Kind = EnumWire.ComponentKinds.ToRecord(wire.Kind),
        Strategy = EnumWire.Strategies.ToRecord(wire.Strategy),
        Drain = wire.Drain.ToMilliseconds(),
        StopTimeout = wire.StopTimeout.ToMilliseconds(),
        Timeout = wire.Timeout.ToMilliseconds(),
        DependsOn = wire.DependsOn.ToValueList(),
    };

    private static Wire.RouteDefinition ToWire(RouteDefinition route) => new()
    {
        Name = route.Name,
        Port = route.Port,
        Mode = EnumWire.RouteModes.ToWire(route.Mode),
        Hostname = route.Hostname ?? "",
        Public = route.Public,
    };

    private static RouteDefinition ToDefinition(Wire.RouteDefinition wire) => new()
    {
        Name = wire.Name,
        Port = wire.Port,
        Mode = EnumWire.RouteModes.ToRecord(wire.Mode),
        Hostname = NullIfEmpty(wire.Hostname),
        Public = wire.Public,
    };

    internal static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static WireException Unreadable(string field, Wire.ComponentDefinition component, string text, string fault) =>
        new($"{field} of component '{component.Name}' has '{text}', which cannot be read: {fault}");
}
