using System.Globalization;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Status;
using Mcp.Core;

namespace Mcp.PowerShell;

/// <summary>Releases and audit entries as they go down the pipeline.</summary>
internal static class ReleaseConversions
{
    public static McpRelease ToObject(this Release release, string node) => new()
    {
        Service = release.Service,
        Number = release.Number,
        Node = node,
        Current = release.Current,
        Outcome = StateText.Of(release.Outcome),
        Actor = release.Actor,
        StartedAt = release.StartedAt.LocalDateTime,
        Duration = release.EndedAt - release.StartedAt,
        Kind = StateText.Of(release.Kind),
        RollbackOf = release.RollbackOf,
        Component = release.Component,
        Images = [.. release.Images.Select(i => new McpReleaseImage { Component = i.Component, Image = i.Image, Digest = i.Digest })],
        Message = release.Message,
        OperationId = release.OperationId,
        Definition = release.Definition.ToObject(),
    };

    public static McpAuditEntry ToObject(this AuditEntry entry, string node) => new()
    {
        Id = entry.Id,
        Time = entry.At.LocalDateTime,
        Node = node,
        Actor = entry.Actor,
        Role = entry.Role,
        From = entry.Address,
        Action = entry.Action,
        Service = entry.Service,
        Component = entry.Component,
        Outcome = entry.Outcome,
        Message = entry.Message,
        OperationId = entry.OperationId,
    };

    public static McpAuditCheck ToObject(this AuditCheck check, string node) => new()
    {
        Node = node,
        IsIntact = check.IsIntact,
        Entries = check.Entries,
        From = check.From?.LocalDateTime,
        To = check.To?.LocalDateTime,
        Hash = check.Hash,
        Problem = check.Problem,
    };

    private static McpServiceDefinition ToObject(this ServiceDefinition definition) => new()
    {
        Name = definition.Name,
        Node = definition.Node,
        Active = definition.Active,
        Version = definition.Version,
        Components = [.. definition.Components.Select(ToObject)],
        Toml = DefinitionWriter.Write(definition),
    };

    private static McpComponentDefinition ToObject(ComponentDefinition component) => new()
    {
        Name = component.Name,
        Image = component.Image,
        Kind = StateText.Of(component.Kind),
        DependsOn = [.. component.DependsOn],
        Strategy = StrategyNames.Of(component.Strategy),
        Drain = component.Drain,
        StopTimeout = component.StopTimeout ?? ComponentDefinition.DefaultStopTimeout,
        Network = component.Network,
        User = component.User,
        Restart = component.RestartPolicy,
        Ports = [.. component.Ports.Select(p => p.ToString())],
        Volumes = [.. component.Volumes.Select(v => v.ToString())],
        Command = [.. component.Command],
        Environment = [.. component.Environment],
        Routes = [.. component.Routes.Select(Text)],
    };

    private static string Text(RouteDefinition route) => string.Create(CultureInfo.InvariantCulture,
        $"{(route.Name.Length > 0 ? route.Name + ": " : "")}{route.Port} " +
        $"{StateText.Of(route.Mode)}{(route.Hostname is { } host ? " " + host : "")}");
}
