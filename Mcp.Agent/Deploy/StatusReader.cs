using System.Globalization;
using Mcp.Agent.Engine;
using Mcp.Agent.Monitor;
using Mcp.Agent.Ownership;
using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Core.Status;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>Combines desired state (registry database), observed state (engine, asked now) and what the monitor has noticed.</summary>
internal sealed class StatusReader(
    OwnContainers own, EngineWatch engine, ServiceStore services, OperationHost operations, RouteTable routes, MonitorState monitor,
        ILogger<StatusReader> log)
{
    /// <param name="service">null: all.</param>
    /// <exception cref="AgentException">There is no such service.</exception>
    public async Task<NodeServices> ReadAsync(string? service, CancellationToken cancellationToken)
    {
        var one = service is null ? null : Find(service);
        var seen = await LookAsync(cancellationToken);
        // Read after the engine was asked: what an operation has just made, it has recorded or still runs.
        var stored = one is null ? services.List() : [one];
        var orphans = one is not null ? [] : OwnContainers.Orphans(seen.Own?.SelectMany(s => s) ?? [], stored)
            .Where(o => operations.Running(o.Labels[ContainerLabels.Service]) is null);
        return new(
            [.. stored.Select(s => Describe(s, seen, monitor.Of, operations.Running(s.Definition.Name)))], seen.Trouble,
            [.. orphans.Select(OwnContainers.Describe)]);
    }

    private ServiceStatus Describe(
        StoredService service, Seen seen, Func<string, string, ComponentCondition> noticed, Operation? running) => new()
    {
        Name = service.Definition.Name,
        Active = service.Definition.Active,
        DeployedAt = service.DeployedAt,
        DeployedBy = service.DeployedBy,
        Components = service.Components
            .Select(c => Component(service, c, noticed(service.Definition.Name, c.Definition.Name), running, seen)).ToValueList(),
    };

    /// <exception cref="AgentException">There is no such service.</exception>
    public StoredService Find(string service) =>
        services.Find(service) ?? throw new AgentException(
            AgentError.NotFound, $"service {service} is not deployed on this node", "`mcp ps` lists what is there");

    /// <summary>For an operation's result; empty when the service is gone or can't be read.</summary>
    /// <param name="listed">The service's containers, where nothing has been done since they were listed; null: the engine is
    /// asked.</param>
    public async Task<ValueList<ComponentStatus>> ComponentsAfterAsync(Plan plan, IReadOnlyList<ContainerInfo>? listed)
    {
        var changed = plan.Steps.Select(s => s.Component).ToHashSet(StringComparer.Ordinal);
        try
        {
            if (services.Find(plan.Service) is not { } stored)
                return [];
            var seen = listed is null ? await LookAsync(CancellationToken.None) : new(ByService(listed), [], "");
            return Describe(stored, seen, Noticed, running: null).Components;
        }
        catch (AgentException e)
        {
            log.LogWarning(e, "No status of {Service} after its operation", plan.Service);
            return [];
        }

        // What the monitor noticed of what was there before is past.
        ComponentCondition Noticed(string service, string component) =>
            changed.Contains(component) ? ComponentCondition.NotSeen : monitor.Of(service, component);
    }

    public static ValueList<RouteStatus> Routes(StoredService service, StoredComponent component) =>
        component.Definition.Routes.Select(r => new RouteStatus
        {
            Service = service.Definition.Name,
            Component = component.Definition.Name,
            Name = r.Name,
            Port = r.Port,
            Mode = r.Mode,
            Hostname = r.Hostname,
            HostPort = component.HostPort(r.Name) ?? 0,
        }).ToValueList();

    /// <param name="Own">By service; null when the engine can't be asked.</param>
    /// <param name="Others">Made by other agents.</param>
    /// <param name="Trouble">Why the engine can't be asked.</param>
    private sealed record Seen(ILookup<string, ContainerInfo>? Own, IReadOnlyList<ContainerInfo> Others, string Trouble);

    private async Task<Seen> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (mine, others) = await engine.PromptAsync(token => own.ListAsync(null, token), cancellationToken);
            return new(ByService(mine), others, "");
        }
        catch (EngineException e)
        {
            return new(null, [], $"{e.Message}; {e.Remedy}");
        }
    }

    private static ILookup<string, ContainerInfo> ByService(IEnumerable<ContainerInfo> containers) =>
        containers.ToLookup(c => c.Labels.GetValueOrDefault(ContainerLabels.Service) ?? "");

    private ComponentStatus Component(
        StoredService service, StoredComponent component, ComponentCondition noticed, Operation? operation, Seen seen)
    {
        var definition = component.Definition;
        var name = ContainerName.For(service.Definition.Name, definition.Name);
        var container = Current(service, component, name, operation, seen.Own?[service.Definition.Name] ?? []);
        var state = seen.Own is null ? ObservedState.Unknown : ObservedStates.Of(container);
        var running = state is ObservedState.Running or ObservedState.Paused;
        // What an operation has made and not recorded yet is told by the container itself.
        var image = container?.Labels.GetValueOrDefault(ContainerLabels.Image) ?? definition.Image;
        return new ComponentStatus
        {
            Service = service.Definition.Name,
            Component = definition.Name,
            Container = name,
            ContainerId = container?.Id ?? "",
            Image = image,
            Version = ImageReference.TryParse(image)?.Version ?? "",
            Digest = container is null || container.ImageId == component.Image?.Id ? component.Image?.Digest ?? "" : "",
            Desired = component.Desired,
            State = state,
            StartedAt = running ? container?.StartedAt : null,
            FinishedAt = running ? null : container?.FinishedAt,
            ExitCode = running || state == ObservedState.Created ? null : container?.ExitCode,
            RestartCount = container?.RestartCount ?? 0,
            Ports = (container?.Ports ?? []).Select(Describe).ToValueList(),
            Routes = Routes(service, component),
            DriftSince = noticed.DriftSince,
            Flapping = noticed.Flapping,
            Message = seen.Trouble.Length > 0 ? "the container engine could not be asked"
                : service.Problem.Length > 0 ? service.Problem
                : container is null && seen.Others.FirstOrDefault(c => c.Name == name) is { } other
                    ? $"the name {name} has a container that {own.OwnerOf(other)}"
                : Change(operation, definition.Name) ?? Explain(component.Desired, state, container, noticed.Flapping),
        };
    }

    /// <summary>The container that has the component's name. While an operation replaces it there are two: the one that runs counts, of two
    /// that run the one that the routes lead to or, without routes, the one that is recorded.</summary>
    private ContainerInfo? Current(
        StoredService service, StoredComponent component, string name, Operation? operation, IEnumerable<ContainerInfo> containers)
    {
        if (operation is null)
            return containers.FirstOrDefault(c => c.Name == name);
        var ports = routes.Of(service).Where(r => r.Component == component.Definition.Name).Select(r => r.HostPort).ToHashSet();
        return containers.Where(c => c.Labels.GetValueOrDefault(ContainerLabels.Component) == component.Definition.Name)
            .OrderByDescending(c => c.IsUp)
            .ThenByDescending(c => c.IsUp && c.Ports.Any(p => ports.Contains(p.HostPort)))
            .ThenByDescending(c => c.IsUp && c.Labels.GetValueOrDefault(ContainerLabels.Image) == component.Definition.Image)
            .ThenByDescending(c => c.Name == name)
            .FirstOrDefault();
    }

    /// <summary>What the operation does to the component; null: nothing.</summary>
    private static string? Change(Operation? operation, string component)
    {
        var change = operation?.Planned?.Components.FirstOrDefault(c => c.Component == component)?.Change switch
        {
            ComponentChange.Create => "being created",
            ComponentChange.Replace => "being replaced",
            ComponentChange.Start => "being started",
            ComponentChange.Restart => "being restarted",
            ComponentChange.Run => "being run",
            ComponentChange.Stop => "being stopped",
            ComponentChange.Remove => "being removed",
            _ => null,
        };
        return change is null ? null
            : $"{change} by operation {operation!.Id} ({operation.Kind.ToString().ToLowerInvariant()} by {operation.Actor})";
    }

    private static string Explain(DesiredState desired, ObservedState state, ContainerInfo? container, bool flapping) =>
        (desired, state) switch
    {
        (DesiredState.Running, ObservedState.Missing) => "the container no longer exists; `mcp start` creates it again",
        (DesiredState.Running, ObservedState.Exited or ObservedState.Dead) when container!.OutOfMemory => "killed: out of memory",
        (DesiredState.Running, ObservedState.Exited or ObservedState.Dead) =>
            string.Create(CultureInfo.InvariantCulture, $"ended with exit code {container!.ExitCode}"),
        (DesiredState.Running, ObservedState.Paused) => "paused",
        (DesiredState.Running, ObservedState.Created) => "created but never started",
        (DesiredState.Completed, ObservedState.Exited or ObservedState.Dead) when container!.ExitCode != 0 =>
            string.Create(CultureInfo.InvariantCulture,
                $"the task ended with exit code {container.ExitCode}; `mcp logs` may tell why, `mcp start` runs it again"),
        (DesiredState.Completed, ObservedState.Running) => "the task is running",
        (DesiredState.Stopped, ObservedState.Running) => "runs, but its desired state is stopped",
        _ => flapping ? "keeps starting and ending; see `mcp logs` and `mcp events`" : "",
    };

    private static string Describe(PortBinding port) =>
        string.Create(CultureInfo.InvariantCulture, $"{port.HostIp ?? "0.0.0.0"}:{port.HostPort}->{port.ContainerPort}/{port.Protocol}");
}
