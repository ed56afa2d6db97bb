using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;

namespace Mcp.Core.Planning;

/// <summary>Decides, and touches nothing: the steps from what is observed to what a definition says. Planning again after the plan was carried out yields an empty plan.</summary>
public static class DeployPlanner
{
    /// <param name="definition">Validated.</param>
    /// <param name="component">null: all of them. Otherwise the others stay as they are.</param>
    /// <param name="ports">A host port for each route of the components concerned.</param>
    /// <param name="operationId">Goes into labels and into the names of replaced containers.</param>
    /// <exception cref="MissingImageException">An image is missing that may not be pulled.</exception>
    public static Plan Plan(
        ServiceDefinition definition, string? component, ObservedService observed, IReadOnlyList<AssignedPort> ports, string operationId, ImagePins? pins = null)
    {
        var plan = new PlanBuilder(OperationKind.Deploy, definition.Name);
        var wanted = definition.Components.Where(c => component is null || c.Name == component).ToList();
        var dropped = component is null
            ? observed.Containers.Where(c => wanted.All(w => w.Name != c.Labels.GetValueOrDefault(ContainerLabels.Component))).ToList()
            : [];
        var cleanup = new List<Cleanup>();

        var images = new ImageSteps(observed, pins ?? ImagePins.None);
        images.Plan(plan, wanted);
        foreach (var item in wanted)
        {
            var spec = SpecBuilder.Build(definition.Name, item, ports, operationId) with { ImageId = images.IdOf(item.Image) };
            PlanComponent(plan, definition, item, observed, spec, HealthCheck.For(item, ports), images.IsPulled(item.Image), cleanup);
        }

        foreach (var container in dropped)
        {
            var name = container.Labels.GetValueOrDefault(ContainerLabels.Component) ?? "";
            if (IsUp(container))
                plan.Stop(name, container, "no longer in the definition");
            cleanup.Add(new(name, container, container.Name, "no longer in the definition"));
        }

        if (plan.HasSteps || cleanup.Count > 0 || !IsRecorded(definition, component, observed.Deployed))
            plan.Record($"record {definition.Name}{(component is null ? "" : "/" + component)} as deployed");
        foreach (var (name, container, containerName, reason, unless) in cleanup)
        {
            plan.Unless(unless);
            plan.Remove(name, container, containerName, reason);
        }
        return plan.ToPlan();
    }

    private static void PlanComponent(
        PlanBuilder plan, ServiceDefinition definition, ComponentDefinition component, ObservedService observed, ContainerSpec spec, HealthCheck health, bool pulled,
        List<Cleanup> cleanup)
    {
        var existing = observed.ContainersOf(component.Name).ToList();
        var current = existing.Find(c => c.Name == spec.Name);
        var leftovers = existing.Where(c => c != current).ToList();
        var reason = ReasonToReplace(component, observed, spec, current);

        if (current is not null && reason is null && !pulled)
        {
            StopAll(plan, component.Name, leftovers);
            BringToState(plan, component.Name, current, definition.Active, health);
        }
        else
        {
            // Only the pull will tell whether a container that is as it should be runs the image that it should.
            var unless = current is not null && reason is null && IsUp(current) == definition.Active && leftovers.Count == 0
                ? new ImageCondition(component.Image, current.ImageId)
                : null;
            plan.Unless(unless);
            if (current is not null)
            {
                var retired = $"{spec.Name}-{spec.Labels[ContainerLabels.Operation]}";
                plan.Rename(component.Name, current, retired);
                cleanup.Add(new(component.Name, current, retired, "replaced", unless));
            }
            // Created before the old one stops: what creating can find wrong costs no downtime.
            plan.Create(component.Name, spec, reason ?? (current is null ? "new" : "if the pulled image is another one than it has"));
            StopAll(plan, component.Name, existing, "makes room for the new one");
            if (definition.Active)
                plan.StartAndVerify(component.Name, spec.Name, spec.Name, "", health);
            plan.Unless(null);
        }
        cleanup.AddRange(leftovers.Select(c => new Cleanup(component.Name, c, c.Name, "left over from an operation that did not end")));
    }

    private static string? ReasonToReplace(ComponentDefinition component, ObservedService observed, ContainerSpec spec, ContainerInfo? current)
    {
        if (current is null)
            return null;
        if (current.Labels.GetValueOrDefault(ContainerLabels.Spec) != spec.Labels[ContainerLabels.Spec])
        {
            var before = observed.Deployed?.Components.FirstOrDefault(c => c.Name == component.Name);
            var changes = before is null ? [] : ComponentChanges.Between(before, component);
            return changes.Count > 0 ? string.Join("; ", changes) : "the container is not what was deployed";
        }
        if (observed.Images.TryGetValue(component.Image, out var imageId) && imageId != current.ImageId && spec.ImageId is not null)
            return $"{component.Image} is another image now";
        // Created, but asked to be dead: an engine that gave up on it needs a new one.
        return current.State == ContainerState.Dead ? "the engine gave it up" : null;
    }

    private static void BringToState(PlanBuilder plan, string component, ContainerInfo container, bool active, HealthCheck health)
    {
        if (!active && IsUp(container))
            plan.Stop(component, container, "active = false");
        else if (active && !IsUp(container))
            plan.StartAndVerify(component, container.Id, container.Name, $"is {container.State.ToString().ToLowerInvariant()}", health);
    }

    private static void StopAll(PlanBuilder plan, string component, IEnumerable<ContainerInfo> containers, string reason = "left over from an operation that did not end")
    {
        foreach (var container in containers.Where(IsUp))
            plan.Stop(component, container, reason);
    }

    private static bool IsRecorded(ServiceDefinition definition, string? component, ServiceDefinition? deployed) =>
        component is null
            ? definition.Equals(deployed)
            : definition.Components.First(c => c.Name == component).Equals(deployed?.Components.FirstOrDefault(c => c.Name == component));

    internal static bool IsUp(ContainerInfo container) =>
        container.State is ContainerState.Running or ContainerState.Restarting or ContainerState.Paused;

    private sealed record Cleanup(string Component, ContainerInfo Container, string Name, string Reason, ImageCondition? Unless = null);
}
