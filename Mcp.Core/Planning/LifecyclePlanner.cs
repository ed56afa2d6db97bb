using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;

namespace Mcp.Core.Planning;

/// <summary>Plans for what is deployed already: start, stop, restart, undeploy. Decides, and touches nothing.</summary>
public static class LifecyclePlanner
{
    /// <summary>Starts what does not run; makes anew a container that is gone. <paramref name="restart"/> stops first what runs.</summary>
    public static Plan Start(ServiceDefinition deployed, string? component, ObservedService observed, IReadOnlyList<AssignedPort> ports, string operationId, bool restart)
    {
        var plan = new PlanBuilder(restart ? OperationKind.Restart : OperationKind.Start, deployed.Name);
        var targets = Targets(deployed, component);
        foreach (var item in targets.Where(t => Current(deployed, t, observed) is null && !observed.Images.ContainsKey(t.Image)).DistinctBy(t => t.Image))
        {
            var before = observed.DeployedImages.FirstOrDefault(i => i.Reference == item.Image && i.IsFromRegistry);
            plan.Pull(item.Name, item.Image, before?.Digest, "the node does not have it");
        }
        foreach (var item in targets)
        {
            var container = Current(deployed, item, observed);
            var health = HealthCheck.For(item, ports);
            if (container is null)
            {
                var spec = SpecBuilder.Build(deployed.Name, item, ports, operationId) with { ImageId = observed.Images.GetValueOrDefault(item.Image) };
                plan.Create(item.Name, spec, "the container is gone");
                plan.StartAndVerify(item.Name, spec.Name, spec.Name, "", health);
                continue;
            }
            var up = DeployPlanner.IsUp(container);
            if (up && restart)
                plan.Stop(item.Name, container, "restart");
            if (!up || restart)
                plan.StartAndVerify(item.Name, container.Id, container.Name, up ? "restart" : $"is {container.State.ToString().ToLowerInvariant()}", health);
        }
        plan.Record($"record {Subject(deployed, component)} as wanted running");
        return plan.ToPlan();
    }

    public static Plan Stop(ServiceDefinition deployed, string? component, ObservedService observed)
    {
        var plan = new PlanBuilder(OperationKind.Stop, deployed.Name);
        foreach (var item in Targets(deployed, component))
            foreach (var container in observed.ContainersOf(item.Name).Where(DeployPlanner.IsUp))
                plan.Stop(item.Name, container, "");
        plan.Record($"record {Subject(deployed, component)} as wanted stopped");
        return plan.ToPlan();
    }

    /// <summary>Removes every container with the service's label, also ones that the registry database does not know.</summary>
    public static Plan Undeploy(string service, string? component, ObservedService observed)
    {
        var plan = new PlanBuilder(OperationKind.Undeploy, service);
        var containers = component is null ? observed.Containers : observed.ContainersOf(component);
        var doomed = containers.Select(c => (Component: c.Labels.GetValueOrDefault(ContainerLabels.Component) ?? "", Container: c)).ToList();
        foreach (var (name, container) in doomed.Where(d => DeployPlanner.IsUp(d.Container)))
            plan.Stop(name, container, "");
        foreach (var (name, container) in doomed)
            plan.Remove(name, container, container.Name, "");
        // Last, so that an undeploy that failed halfway is still known and can be repeated.
        plan.Record($"forget {service}{(component is null ? "" : "/" + component)} and free its ports");
        return plan.ToPlan();
    }

    private static List<ComponentDefinition> Targets(ServiceDefinition deployed, string? component) =>
        deployed.Components.Where(c => component is null || c.Name == component).ToList();

    private static ContainerInfo? Current(ServiceDefinition deployed, ComponentDefinition component, ObservedService observed) =>
        observed.ContainersOf(component.Name).FirstOrDefault(c => c.Name == ContainerName.For(deployed.Name, component.Name));

    private static string Subject(ServiceDefinition deployed, string? component) => component is null ? deployed.Name : $"{deployed.Name}/{component}";
}
