using Mcp.Core.Collections;
using Mcp.Core.Status;
using Wire = Mcp.V1;

namespace Mcp.Core.Protocol;

/// <summary>Service, component and route status to the wire and back.</summary>
public static class StatusWire
{
    public static Wire.GetStatusResponse ToWire(this NodeServices node) => new()
    {
        Services = { node.Services.Select(ToWire) },
        EngineError = node.EngineError,
        Warnings = { node.Warnings },
    };

    public static NodeServices ToStatus(this Wire.GetStatusResponse wire) =>
        new(wire.Services.Select(ToStatus).ToValueList(), wire.EngineError, wire.Warnings.ToValueList());

    public static Wire.ServiceStatus ToWire(this ServiceStatus status) => new()
    {
        Name = status.Name,
        Active = status.Active,
        DeployedAt = status.DeployedAt.ToWire(),
        DeployedBy = status.DeployedBy,
        Components = { status.Components.Select(ToWire) },
    };

    public static ServiceStatus ToStatus(this Wire.ServiceStatus wire) => new()
    {
        Name = wire.Name,
        Active = wire.Active,
        DeployedAt = wire.DeployedAt.ToTime(),
        DeployedBy = wire.DeployedBy,
        Components = wire.Components.Select(ToStatus).ToValueList(),
    };

    public static Wire.ServiceSummary ToWire(this ServiceSummary summary) => new()
    {
        Definition = summary.Definition.ToWire(),
        DeployedAt = summary.DeployedAt.ToWire(),
        DeployedBy = summary.DeployedBy,
    };

    public static ServiceSummary ToSummary(this Wire.ServiceSummary wire) =>
        new((wire.Definition ?? new()).ToDefinition(), wire.DeployedAt.ToTime(), wire.DeployedBy);

    public static Wire.ComponentStatus ToWire(this ComponentStatus status)
    {
        var wire = new Wire.ComponentStatus
        {
            Service = status.Service,
            Component = status.Component,
            Container = status.Container,
            ContainerId = status.ContainerId,
            Image = status.Image,
            Version = status.Version,
            Digest = status.Digest,
            Desired = EnumWire.DesiredStates.ToWire(status.Desired),
            Observed = EnumWire.ObservedStates.ToWire(status.State),
            StartedAt = status.StartedAt.ToWire(),
            FinishedAt = status.FinishedAt.ToWire(),
            RestartCount = status.RestartCount,
            Ports = { status.Ports },
            Routes = { status.Routes.Select(ToWire) },
            DriftSince = status.DriftSince.ToWire(),
            Flapping = status.Flapping,
            Message = SafeText.Of(status.Message, lines: true),
        };
        if (status.ExitCode is { } exitCode)
            wire.ExitCode = exitCode;
        return wire;
    }

    public static ComponentStatus ToStatus(this Wire.ComponentStatus wire) => new()
    {
        Service = wire.Service,
        Component = wire.Component,
        Container = wire.Container,
        ContainerId = wire.ContainerId,
        Image = wire.Image,
        Version = wire.Version,
        Digest = wire.Digest,
        Desired = EnumWire.DesiredStates.ToRecord(wire.Desired),
        State = EnumWire.ObservedStates.ToRecord(wire.Observed),
        StartedAt = wire.StartedAt.ToTime(),
        FinishedAt = wire.FinishedAt.ToTime(),
        ExitCode = wire.HasExitCode ? wire.ExitCode : null,
        RestartCount = wire.RestartCount,
        Ports = wire.Ports.ToValueList(),
        Routes = wire.Routes.Select(ToStatus).ToValueList(),
        DriftSince = wire.DriftSince.ToTime(),
        Flapping = wire.Flapping,
        Message = wire.Message,
    };

    public static Wire.RouteStatus ToWire(this RouteStatus route) => new()
    {
        Service = route.Service,
        Component = route.Component,
        Name = route.Name,
        Port = route.Port,
        Mode = EnumWire.RouteModes.ToWire(route.Mode),
        Hostname = route.Hostname ?? "",
        HostPort = route.HostPort,
    };

    public static RouteStatus ToStatus(this Wire.RouteStatus wire) => new()
    {
        Service = wire.Service,
        Component = wire.Component,
        Name = wire.Name,
        Port = wire.Port,
        Mode = EnumWire.RouteModes.ToRecord(wire.Mode),
        Hostname = DefinitionWire.NullIfEmpty(wire.Hostname),
        HostPort = wire.HostPort,
    };
}
