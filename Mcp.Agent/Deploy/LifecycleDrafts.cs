using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Core.Status;

namespace Mcp.Agent.Deploy;

/// <summary>Looks and plans: what start, stop, restart and undeploy would do. Touches nothing. Drafting again after a crash gives what is left to do.</summary>
internal sealed class LifecycleDrafts(ServiceObserver observer, ServiceStore services)
{
    public Task<OperationDraft> DraftAsync(Operation operation, CancellationToken cancellationToken) => operation.Kind switch
    {
        OperationKind.Start => StartAsync(operation, restart: false, cancellationToken),
        OperationKind.Restart => StartAsync(operation, restart: true, cancellationToken),
        OperationKind.Stop => StopAsync(operation, cancellationToken),
        OperationKind.Undeploy => UndeployAsync(operation, cancellationToken),
        _ => throw new InvalidOperationException($"{operation.Kind} is not planned here"),
    };

    private async Task<OperationDraft> StartAsync(Operation operation, bool restart, CancellationToken cancellationToken)
    {
        var (service, component) = (operation.Service, operation.Component);
        var stored = FindStored(service, component).Readable();
        var wanted = stored.Definition.Components.Where(c => component is null || c.Name == component).ToList();
        // What was deployed is made again where the engine still has it, whatever its tag means by now.
        var deployed = new ValueMap(wanted.Select(c => stored.Component(c.Name)?.Image).OfType<DeployedImage>().DistinctBy(i => i.Reference).Select(i => KeyValuePair.Create(i.Reference, i.Id)));
        var observed = await observer.ObserveAsync(service, stored, wanted, deployed, cancellationToken);
        var plan = LifecyclePlanner.Start(stored.Definition, component, observed, StoredServices.Ports(stored), operation.Id, restart);
        MountSources.Require(plan);
        return new(plan, _ => new DesiredStateChanged(service, component, DesiredState.Running));
    }

    private async Task<OperationDraft> StopAsync(Operation operation, CancellationToken cancellationToken)
    {
        var (service, component) = (operation.Service, operation.Component);
        var stored = FindStored(service, component);
        var plan = LifecyclePlanner.Stop(stored.Definition, component, await observer.ObserveAsync(service, stored, [], ValueMap.Empty, cancellationToken));
        return new(plan, _ => new DesiredStateChanged(service, component, DesiredState.Stopped));
    }

    private async Task<OperationDraft> UndeployAsync(Operation operation, CancellationToken cancellationToken)
    {
        var (service, component) = (operation.Service, operation.Component);
        var stored = services.Find(service);
        var observed = await observer.ObserveAsync(service, stored, [], ValueMap.Empty, cancellationToken);
        // Containers with the service's label that the registry database has forgotten count as well: undeploy is how one gets rid of them.
        if (component is null ? stored is null && observed.Containers.Count == 0 : stored?.Component(component) is null && !observed.ContainersOf(component).Any())
            throw NotDeployed(service, component, stored);
        if (component is not null && stored?.Components.Count > 1)
            stored.Readable();
        return new(LifecyclePlanner.Undeploy(service, component, observed), _ => new ServiceRemoved(service, component));
    }

    private StoredService FindStored(string service, string? component)
    {
        var stored = services.Find(service);
        return stored is not null && (component is null || stored.Component(component) is not null)
            ? stored
            : throw NotDeployed(service, component, stored);
    }

    private AgentException NotDeployed(string service, string? component, StoredService? stored)
    {
        var (what, there) = stored is null
            ? ($"service {service} is not deployed on this node", services.KnownServices)
            : ($"service {service} has no component {component}", (IReadOnlyList<string>)stored.Components.Select(c => c.Definition.Name).ToList());
        return new(AgentError.NotFound, what, there.Count == 0 ? "nothing is deployed here yet: `mcp deploy SERVICE`" : $"there is: {string.Join(", ", there)}");
    }
}
