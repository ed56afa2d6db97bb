using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;

namespace Mcp.Core.Planning;

/// <summary>Plans for what is deployed already: start, stop, restart, undeploy. Decides, and touches nothing.</summary>
public static class LifecyclePlanner
{
    /// <summary>Starts what does not run; creates again a container that is gone. <paramref name="restart"/> stops first what runs. A task
    /// runs again only when it is named.</summary>
    public static Plan Start(ServiceDefinition deployed, string? component, ObservedService observed, IReadOnlyList<AssignedPort> ports,
        string operationId, bool restart)
    {
        var plan = new PlanBuilder(restart ? OperationKind.Restart : OperationKind.Start, deployed.Name);
        var targets = Targets(deployed, component).Where(c => c.Kind == ComponentKind.Server || component is not null).ToList();
        foreach (var item in targets.Where(t => Current(deployed, t, observed) is null && !observed.Images.ContainsKey(t.Image))
            .DistinctBy(t => t.Image))
        {
            var before = observed.DeployedImages.FirstOrDefault(i => i.Reference == item.Image && i.IsFromRegistry);
            plan.After([]);
            plan.Pull(item.Name, item.Image, before?.Digest, "the node does not have it");
        }
        var ground = plan.Ends;
        foreach (var item in targets)
        {
            plan.AfterComponents(item.DependsOn, ground);
            StartOne(plan, deployed, item, observed, ports, operationId, restart);
            plan.EndComponent(item.Name);
        }
        plan.After(plan.Ends);
        plan.Record($"record {Subject(deployed, component)} with desired state running");
        return plan.ToPlan();
    }

    /// <summary>What depends on others stops before them.</summary>
    public static Plan Stop(ServiceDefinition deployed, string? component, ObservedService observed)
    {
        var plan = new PlanBuilder(OperationKind.Stop, deployed.Name);
        StopAll(plan, Targets(deployed, component), observed);
        plan.After(plan.Ends);
        plan.Record($"record {Subject(deployed, component)} with desired state stopped");
        return plan.ToPlan();
    }

    /// <summary>Removes every container with the service's label, also ones that the registry database does not know.</summary>
    public static Plan Undeploy(string service, string? component, ObservedService observed)
    {
        var plan = new PlanBuilder(OperationKind.Undeploy, service);
        var known = observed.Deployed is { } deployed ? Targets(deployed, component) : [];
        StopAll(plan, known, observed);
        var doomed = (component is null ? observed.Containers : observed.ContainersOf(component))
            .Select(c => (Component: c.Labels.GetValueOrDefault(ContainerLabels.Component) ?? "", Container: c)).ToList();
        foreach (var (name, container) in doomed.Where(d => d.Container.IsUp && known.All(k => k.Name != d.Component)))
        {
            plan.After([]);
            plan.Stop(name, container, DeployPlanner.StopTimeout(observed, name), "");
        }
        var stopped = plan.Ends;
        foreach (var (name, container) in doomed)
        {
            plan.After(stopped);
            plan.Component(new(name, ComponentChange.Remove, ""));
            plan.Remove(name, container, container.Name, "");
        }
        // Last, so that an undeploy that failed halfway is still known and can be repeated.
        plan.After(plan.Ends);
        plan.Record($"delete {service}{(component is null ? "" : "/" + component)} from the registry database and free its ports");
        return plan.ToPlan();
    }

    private static void StartOne(
        PlanBuilder plan, ServiceDefinition deployed, ComponentDefinition item, ObservedService observed, IReadOnlyList<AssignedPort> ports,
            string operationId, bool restart)
    {
        var container = Current(deployed, item, observed);
        if (container is null)
        {
            const string Gone = "the container no longer exists";
            plan.Component(new(item.Name, ComponentChange.Create, Gone));
            var spec = SpecBuilder.Build(deployed.Name, item, ports, operationId);
            spec = spec with { ImageId = observed.Images.GetValueOrDefault(item.Image) };
            plan.Create(item.Name, spec, Gone);
            Await(spec.Name, spec.Name, "");
            return;
        }
        var up = container.IsUp;
        if (up && !restart)
            return;
        if (up)
            plan.Stop(item.Name, container, DeployPlanner.StopTimeout(observed, item.Name, item), "restart");
        plan.Component(new(item.Name, up ? ComponentChange.Restart : ComponentChange.Start, up ? "" : DeployPlanner.StateOf(container)));
        Await(container.Id, container.Name, up ? "restart" : DeployPlanner.StateOf(container));

        void Await(string id, string name, string reason)
        {
            if (item.Kind == ComponentKind.Task)
                plan.StartAndComplete(item.Name, id, name, reason, item.Timeout ?? ComponentDefinition.DefaultTimeout);
            else
                plan.StartAndVerify(item.Name, id, name, reason, HealthCheck.For(item, ports));
        }
    }

    private static void StopAll(PlanBuilder plan, IReadOnlyList<ComponentDefinition> targets, ObservedService observed)
    {
        var dependents = targets.SelectMany(t => t.DependsOn.Select(d => (On: d, t.Name))).ToLookup(d => d.On, d => d.Name);
        foreach (var item in targets.Reverse())
        {
            plan.AfterComponents(dependents[item.Name], []);
            foreach (var container in observed.ContainersOf(item.Name).Where(c => c.IsUp))
            {
                plan.Component(new(item.Name, ComponentChange.Stop, ""));
                plan.Stop(item.Name, container, DeployPlanner.StopTimeout(observed, item.Name, item), "");
            }
            plan.EndComponent(item.Name);
        }
    }

    private static IReadOnlyList<ComponentDefinition> Targets(ServiceDefinition deployed, string? component) =>
        DependencyOrder.Of([.. deployed.Components.Where(c => component is null || c.Name == component)]);

    private static ContainerInfo? Current(ServiceDefinition deployed, ComponentDefinition component, ObservedService observed) =>
        observed.ContainersOf(component.Name).FirstOrDefault(c => c.Name == ContainerName.For(deployed.Name, component.Name));

    private static string Subject(ServiceDefinition deployed, string? component) =>
        component is null ? deployed.Name : $"{deployed.Name}/{component}";
}
