using System.Globalization;
using Mcp.Agent.Monitor;
using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;
using Mcp.Core.Status;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>Puts together what is wanted (registry database), what is (engine, asked now) and what the monitor has noticed.</summary>
internal sealed class StatusReader(IContainerRuntime runtime, ServiceStore services, MonitorState monitor, ILogger<StatusReader> log)
{
    /// <param name="service">null: all.</param>
    /// <exception cref="AgentException">There is no such service.</exception>
    public Task<IReadOnlyList<ServiceStatus>> ReadAsync(string? service, CancellationToken cancellationToken) => ReadAsync(service, monitor.Of, cancellationToken);

    private async Task<IReadOnlyList<ServiceStatus>> ReadAsync(string? service, Func<string, string, ComponentCondition> noticed, CancellationToken cancellationToken)
    {
        var stored = service is null ? services.List() : [Find(service)];
        if (stored.Count == 0)
            return [];
        var (containers, trouble) = await ContainersAsync(cancellationToken);
        return stored.Select(s => new ServiceStatus
        {
            Name = s.Definition.Name,
            Active = s.Definition.Active,
            DeployedAt = s.DeployedAt,
            DeployedBy = s.DeployedBy,
            Components = s.Components.Select(c => Component(s, c, noticed(s.Definition.Name, c.Definition.Name), containers, trouble)).ToValueList(),
        }).ToList();
    }

    /// <exception cref="AgentException">There is no such service.</exception>
    public StoredService Find(string service) =>
        services.Find(service) ?? throw new AgentException(AgentError.NotFound, $"service {service} is not deployed on this node", "`mcp ps` lists what is there");

    /// <summary>For an operation's last word; empty when the service is gone or nothing can be said.</summary>
    public async Task<ValueList<ComponentStatus>> ComponentsAfterAsync(Plan plan)
    {
        var changed = plan.Steps.Select(s => s.Component).ToHashSet(StringComparer.Ordinal);
        try
        {
            return services.Find(plan.Service) is null ? [] : (await ReadAsync(plan.Service, Noticed, CancellationToken.None))[0].Components;
        }
        catch (AgentException e)
        {
            log.LogWarning(e, "No status of {Service} after its operation", plan.Service);
            return [];
        }

        // What the monitor noticed of what was there before is past.
        ComponentCondition Noticed(string service, string component) => changed.Contains(component) ? ComponentCondition.NotSeen : monitor.Of(service, component);
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

    /// <summary>null when the engine can't be asked, with the reason.</summary>
    private async Task<(ILookup<string, ContainerInfo>? Containers, string Trouble)> ContainersAsync(CancellationToken cancellationToken)
    {
        try
        {
            var all = await runtime.ListAsync(new Dictionary<string, string> { [ContainerLabels.Managed] = "true" }, cancellationToken);
            return (all.ToLookup(c => c.Name), "");
        }
        catch (EngineException e)
        {
            return (null, $"{e.Message}; {e.Remedy}");
        }
    }

    private static ComponentStatus Component(
        StoredService service, StoredComponent component, ComponentCondition noticed, ILookup<string, ContainerInfo>? containers, string trouble)
    {
        var definition = component.Definition;
        var name = ContainerName.For(service.Definition.Name, definition.Name);
        var container = containers?[name].FirstOrDefault();
        var state = containers is null ? ObservedState.Unknown : ObservedStates.Of(container);
        var running = state is ObservedState.Running or ObservedState.Paused;
        return new ComponentStatus
        {
            Service = service.Definition.Name,
            Component = definition.Name,
            Container = name,
            ContainerId = container?.Id ?? "",
            Image = definition.Image,
            Version = ImageReference.TryParse(definition.Image)?.Version ?? "",
            Digest = component.Image?.Digest ?? "",
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
            Message = trouble.Length > 0 ? trouble : Explain(component.Desired, state, container, noticed.Flapping),
        };
    }

    private static string Explain(DesiredState desired, ObservedState state, ContainerInfo? container, bool flapping) => (desired, state) switch
    {
        (DesiredState.Running, ObservedState.Missing) => "the container is gone; `mcp start` makes it anew",
        (DesiredState.Running, ObservedState.Exited or ObservedState.Dead) when container!.OutOfMemory => "killed for lack of memory",
        (DesiredState.Running, ObservedState.Exited or ObservedState.Dead) => string.Create(CultureInfo.InvariantCulture, $"ended with exit code {container!.ExitCode}"),
        (DesiredState.Running, ObservedState.Paused) => "paused by somebody",
        (DesiredState.Running, ObservedState.Created) => "made but never started",
        (DesiredState.Completed, ObservedState.Exited or ObservedState.Dead) when container!.ExitCode != 0 =>
            string.Create(CultureInfo.InvariantCulture, $"the task ended with exit code {container.ExitCode}; `mcp logs` may tell why, `mcp start` runs it again"),
        (DesiredState.Completed, ObservedState.Running) => "the task runs at this moment",
        (DesiredState.Stopped, ObservedState.Running) => "runs, though it is wanted stopped",
        _ => flapping ? "starts and ends again and again; see `mcp logs` and `mcp events`" : "",
    };

    private static string Describe(PortBinding port) =>
        string.Create(CultureInfo.InvariantCulture, $"{port.HostIp ?? "0.0.0.0"}:{port.HostPort}->{port.ContainerPort}/{port.Protocol}");
}
