using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Core.Status;

namespace Mcp.Agent.Deploy;

/// <summary>Start, stop, restart and undeploy.</summary>
internal sealed partial class OperationPlanner
{
    private async Task<PlannedOperation> StartAsync(Operation operation, bool restart, CancellationToken cancellationToken)
    {
        var (service, component) = (operation.Service, operation.Component);
        var stored = FindStored(service, component).Readable();
        var wanted = stored.Definition.Components.Where(c => component is null || c.Name == component).ToList();
        // The image that was deployed, where the engine still has it, whatever its tag means by now.
        var deployed = new ValueMap(wanted.Select(c => stored.Component(c.Name)?.Image).OfType<DeployedImage>().DistinctBy(i => i.Reference)
            .Select(i => KeyValuePair.Create(i.Reference, i.Id)));
        var observed = await observer.ObserveAsync(service, stored, wanted, deployed, takeOver: false, cancellationToken);
        var plan = LifecyclePlanner.Start(stored.Definition, component, observed, StoredServices.Ports(stored), operation.Id, restart);
        MountSources.Require(plan);
        return new(plan, _ => new DesiredStateChanged(service, component, DesiredState.Running));
    }

    private async Task<PlannedOperation> StopAsync(Operation operation, CancellationToken cancellationToken)
    {
        var (service, component) = (operation.Service, operation.Component);
        var stored = FindStored(service, component);
        var observed = await observer.ObserveAsync(service, stored, [], ValueMap.Empty, takeOver: false, cancellationToken);
        // A container of another's under the name of one of these would go on running.
        var concerned = stored.Definition.Components.Where(c => component is null || c.Name == component).ToList();
        await observer.RefuseTakenAsync(service, concerned, observed.Containers, cancellationToken);
        var plan = LifecyclePlanner.Stop(stored.Definition, component, observed);
        return new(plan, _ => new DesiredStateChanged(service, component, DesiredState.Stopped));
    }

    private async Task<PlannedOperation> UndeployAsync(Operation operation, CancellationToken cancellationToken)
    {
        var (service, component) = (operation.Service, operation.Component);
        var stored = services.Find(service);
        var observed = await observer.ObserveAsync(service, stored, [], ValueMap.Empty, takeOver: false, cancellationToken);
        // Containers with the service's label that the registry database has forgotten count as well: undeploy is how one gets rid of them.
        if (component is null ? stored is null && observed.Containers.Count == 0 : stored?.Component(component) is null
            && !observed.ContainersOf(component).Any())
            throw NotDeployed(service, component, stored, observed.LeftAlone);
        if (component is not null && stored?.Components.Count > 1)
            stored.Readable();
        var plan = LifecyclePlanner.Undeploy(service, component, observed);
        return new(
            plan with { Warnings = [.. plan.Warnings, .. observed.LeftAlone] }, _ => new ServiceRemoved(service, component));
    }

    private StoredService FindStored(string service, string? component)
    {
        var stored = services.Find(service);
        return stored is not null && (component is null || stored.Component(component) is not null)
            ? stored
            : throw NotDeployed(service, component, stored);
    }

    private AgentException NotDeployed(
        string service, string? component, StoredService? stored, IReadOnlyList<string>? leftAlone = null)
    {
        var (what, there) = stored is null
            ? ($"service {service} is not deployed on this node", services.KnownServices)
            : ($"service {service} has no component {component}",
                (IReadOnlyList<string>)stored.Components.Select(c => c.Definition.Name).ToList());
        return new(AgentError.NotFound, string.Join("; ", [what, .. leftAlone ?? []]),
            there.Count == 0 ? "nothing is deployed here yet: `mcp deploy SERVICE`"
            : $"there is: {string.Join(", ", there)}");
    }
}
