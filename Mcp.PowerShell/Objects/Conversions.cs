using Mcp.Core;
using Mcp.Core.Client.Sync;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Operations;
using Mcp.Core.Status;

namespace Mcp.PowerShell;

/// <summary>From the client's records to what goes down the pipeline. Times become local, as PowerShell's own cmdlets show and compare
/// them.</summary>
internal static class Conversions
{
    public static McpService ToObject(this ServiceStatus service, string node)
    {
        var components = service.Components.Select(c => c.ToObject(node)).ToList();
        return new()
        {
            Service = service.Name,
            Node = node,
            State = StateOf(components),
            Desired = service.Active ? "running" : "stopped",
            Running = components.Count(c => c is { State: "running", Desired: not "completed" }),
            Total = components.Count(c => c.Desired != "completed"),
            Version =
                string.Join(", ", components.Select(c => c.Version).Where(v => v.Length > 0).Distinct().Order(StringComparer.Ordinal)),
            Deployed = service.DeployedAt.Local(),
            DeployedBy = service.DeployedBy,
            Components = [.. components],
        };
    }

    public static McpComponent ToObject(this ComponentStatus component, string node) => new()
    {
        Service = component.Service,
        Component = component.Component,
        Node = node,
        State = StateText.Of(component.State),
        Desired = StateText.Of(component.Desired),
        Version = component.Version,
        Digest = component.Digest,
        Image = component.Image,
        Container = component.Container,
        ContainerId = component.ContainerId,
        Started = component.StartedAt.Local(),
        Finished = component.FinishedAt.Local(),
        ExitCode = component.ExitCode,
        RestartCount = component.RestartCount,
        Ports = [.. component.Ports],
        Routes = [.. component.Routes.Select(r => r.ToObject(node))],
        DriftSince = component.DriftSince.Local(),
        Flapping = component.Flapping,
        Message = component.Message,
    };

    public static McpRoute ToObject(this RouteStatus route, string node) => new()
    {
        Service = route.Service,
        Component = route.Component,
        Node = node,
        Route = route.Name,
        Port = route.Port,
        Mode = StateText.Of(route.Mode),
        Hostname = route.Hostname,
        HostPort = route.HostPort,
    };

    public static McpNode ToObject(this NodeConfig node) => new()
    {
        Node = node.Name,
        Endpoint = NodeAddress.Display(node.Address),
        Trust = node.Fingerprint is not null ? "fingerprint" : node.CaCertificatePath is not null ? "ca" : "system",
        Fingerprint = node.Fingerprint?.ToString(),
        CaCertificate = node.CaCertificatePath,
        Source = node.Source,
    };

    public static McpNodeStatus ToObject(this NodeStatus status, string node) => new()
    {
        Node = node,
        Hostname = status.Hostname,
        Os = status.Os,
        Architecture = status.Architecture,
        AgentVersion = status.AgentVersion,
        AgentStarted = status.AgentStartedAt.Local(),
        Uptime = status.Uptime,
        Engine = status.EngineName,
        EngineVersion = status.EngineVersion,
        EngineError = status.EngineError,
        CpuCount = status.CpuCount,
        CpuPercent = status.CpuPercent,
        Load = [.. status.Load],
        MemoryTotal = status.MemoryTotal,
        MemoryAvailable = status.MemoryAvailable,
        Disks = [
            .. status.Disks.Select(
                d => new McpDisk { Node = node, Path = d.Path, Purpose = d.Purpose, Total = d.Total, Available = d.Available })],
        Services = status.Services,
        Running = status.ComponentsRunning,
        Total = status.ComponentsTotal,
    };

    public static McpLogLine ToObject(this LogEntry line, string node) => new()
    {
        Service = line.Service,
        Component = line.Component,
        Node = node,
        Time = line.At.LocalDateTime,
        Stream = line.IsError ? "stderr" : "stdout",
        Text = line.Text,
    };

    public static McpEvent ToObject(this EventEntry entry, string node) => new()
    {
        Id = entry.Id,
        Time = entry.At.LocalDateTime,
        Service = entry.Service,
        Component = entry.Component,
        Node = node,
        Kind = entry.Kind,
        From = entry.From,
        To = entry.To,
        Message = entry.Message,
        Actor = entry.Actor,
    };

    public static McpDeployResult ToObject(this OperationState operation, string service) => new()
    {
        Service = service,
        Node = operation.Node,
        Outcome = StateText.Of(operation.Outcome),
        Release = operation.Plan?.Release,
        OperationId = operation.OperationId,
        Elapsed = operation.End?.Elapsed ?? TimeSpan.Zero,
        Images = [.. operation.Images.Select(i => i.ToObject())],
        Steps = [.. operation.Steps.Select(s => s.ToObject())],
        Components = [.. (operation.End?.Components ?? []).Select(c => c.ToObject(operation.Node))],
        Warnings = [.. operation.Warnings],
    };

    private static McpStep ToObject(this OperationStep step) => new()
    {
        Index = step.Summary.Index,
        Component = step.Summary.Component,
        Action = step.Summary.Action,
        Description = step.Summary.Description,
        Reason = step.Summary.Reason,
        RunLine = step.Summary.RunLine,
        State = step.State is { } state ? StateText.Of(state) : "pending",
        Elapsed = step.Elapsed,
    };

    public static McpImage ToObject(this ImageResult image) => new()
    {
        Service = image.Service,
        Image = image.Image,
        Digest = image.Digest,
        ImageId = image.ImageId,
        Size = image.Size,
        Layers = image.Layers,
        LayersReused = image.LayersReused,
        Duration = image.Duration,
        Built = image.Built,
        Pushed = image.Pushed,
        SentTo = image.SentTo,
        LayersSent = image.LayersSent,
        BytesSent = image.BytesSent,
    };

    public static McpSyncResult ToObject(this SyncResult result) => new()
    {
        Service = result.Service,
        Node = result.Node,
        Outcome = StateText.Of(result.Outcome),
        Message = result.Error?.Message ?? "",
        Images = [.. result.Images.Select(i => i.ToObject())],
        Components = [.. result.Components.Select(c => c.ToObject(result.Node))],
        OperationId = result.OperationId,
        Elapsed = result.Elapsed,
    };

    public static McpSyncResult ToObject(this SyncOrphan stray) => new()
    {
        Service = stray.Service,
        Node = stray.Node,
        Outcome = stray.DefinedFor is null ? "undefined" : "misplaced",
        Message = stray.DefinedFor is null
            ? $"{stray.Node} runs service {stray.Service}, which no file defines; it was left alone"
            : $"{stray.Node} runs service {stray.Service}, whose file is for {stray.DefinedFor}; it was left alone",
    };

    public static McpSetting ToObject(this SettingLine setting) =>
        new() { Name = setting.Key, Value = setting.Value, Source = setting.Source };

    public static McpDefinitionProblem ToObject(this Problem problem) => new()
    {
        Path = problem.File ?? "",
        Line = problem.Line,
        Column = problem.Column,
        Message = problem.Message,
        Remedy = problem.Remedy,
    };

    private static string StateOf(List<McpComponent> components)
    {
        // A task that did its work is as it should be, and says nothing about the rest.
        var rest = components.FindAll(c => c is not { Desired: "completed", State: "exited", ExitCode: 0 });
        if (rest.Count == 0 && components.Count > 0)
            return "completed";
        var states = rest.Select(c => c.State).Distinct().ToList();
        if (rest.Count == 0 || (rest.All(c => c.Desired == "stopped") && !states.Contains("running")))
            return "stopped";
        return states.Count == 1 ? states[0] : "partial";
    }

    private static DateTime? Local(this DateTimeOffset? time) => time?.LocalDateTime;
}
