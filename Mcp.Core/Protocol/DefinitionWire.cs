using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Wire = Mcp.V1;

namespace Mcp.Core.Protocol;

/// <summary>Definitions to the wire and back. Text that a hostile or newer client sent and that cannot be read is refused with an <see cref="ArgumentException"/>.</summary>
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
        Kind = component.Kind == ComponentKind.Task ? Wire.ComponentKind.Task : Wire.ComponentKind.Server,
        Strategy = component.Strategy.ToWire(),
        Drain = HealthWire.ToWire(component.Drain),
        StopTimeout = HealthWire.ToWire(component.StopTimeout),
        Timeout = HealthWire.ToWire(component.Timeout),
        DependsOn = { component.DependsOn },
    };

    private static ComponentDefinition ToDefinition(Wire.ComponentDefinition wire) => new()
    {
        Name = wire.Name,
        Image = wire.Image,
        Network = NullIfEmpty(wire.Network),
        User = NullIfEmpty(wire.User),
        Restart = NullIfEmpty(wire.Restart),
        Memory = NullIfEmpty(wire.Memory) is { } memory ? MemoryLimit.TryParse(memory) ?? throw Unreadable("memory limit", memory) : null,
        Ports = wire.Ports.Select(p => PortMapping.TryParse(p) ?? throw Unreadable("port", p)).ToValueList(),
        Volumes = wire.Volumes.Select(v => VolumeMount.TryParse(v) ?? throw Unreadable("volume", v)).ToValueList(),
        Command = wire.Cmd.ToValueList(),
        Environment = wire.Env.ToValueList(),
        Routes = wire.Routes.Select(ToDefinition).ToValueList(),
        Health = wire.Health is { } health ? HealthWire.ToDefinition(health) : null,
        Kind = wire.Kind switch
        {
            Wire.ComponentKind.Unspecified or Wire.ComponentKind.Server => ComponentKind.Server,
            Wire.ComponentKind.Task => ComponentKind.Task,
            _ => throw Unreadable("kind of component", wire.Kind.ToString()),
        },
        Strategy = wire.Strategy.ToStrategy(),
        Drain = HealthWire.ToTime(wire.Drain),
        StopTimeout = HealthWire.ToTime(wire.StopTimeout),
        Timeout = HealthWire.ToTime(wire.Timeout),
        DependsOn = wire.DependsOn.ToValueList(),
    };

    private static Wire.RouteDefinition ToWire(RouteDefinition route) => new()
    {
        Name = route.Name,
        Port = route.Port,
        Mode = route.Mode.ToWire(),
        Hostname = route.Hostname ?? "",
        Public = route.Public,
    };

    private static RouteDefinition ToDefinition(Wire.RouteDefinition wire) => new()
    {
        Name = wire.Name,
        Port = wire.Port,
        Mode = wire.Mode.ToMode(),
        Hostname = NullIfEmpty(wire.Hostname),
        Public = wire.Public,
    };

    internal static Wire.RouteMode ToWire(this RouteMode mode) => mode == RouteMode.L7 ? Wire.RouteMode.L7 : Wire.RouteMode.L4;

    internal static RouteMode ToMode(this Wire.RouteMode mode) => mode switch
    {
        Wire.RouteMode.L4 or Wire.RouteMode.Unspecified => RouteMode.L4,
        Wire.RouteMode.L7 => RouteMode.L7,
        _ => throw Unreadable("route mode", mode.ToString()),
    };

    internal static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static ArgumentException Unreadable(string what, string text) => new($"'{text}' is not a {what} that this version can read");
}
