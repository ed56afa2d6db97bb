using System.Globalization;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;

namespace Mcp.Core.Planning;

/// <summary>Decides, and touches nothing: the steps from what is observed to what a definition says. Planning again after the plan was
/// carried out yields an empty plan.</summary>
public static class DeployPlanner
{
    /// <param name="definition">Validated.</param>
    /// <param name="component">null: all of them. Otherwise the others stay as they are.</param>
    /// <param name="ports">Host ports for each route of the components concerned: the one to keep, and a fresh one where the old and the
    /// new container may run at the same time.</param>
    /// <param name="operationId">Goes into labels and into the names of containers that stand beside another.</param>
    /// <param name="release">The number that the deploy gets.</param>
    /// <exception cref="MissingImageException">An image is missing that may not be pulled.</exception>
    public static Plan Plan(
        ServiceDefinition definition, string? component, ObservedService observed, IReadOnlyList<AssignedPort> ports, string operationId,
            OperationOptions? options = null, int? release = null)
    {
        options ??= OperationOptions.Default;
        var plan = new PlanBuilder(OperationKind.Deploy, definition.Name);
        var wanted = DependencyOrder.Of([.. definition.Components.Where(c => component is null || c.Name == component)]);
        var names = wanted.Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        var dropped = component is null
            ? observed.Containers.Where(c => !names.Contains(ComponentOf(c))).ToList()
            : [];

        var images = new ImageSteps(observed, options.Images);
        images.Plan(plan, [.. wanted.Where(c => options.RunTasks || c.Kind != ComponentKind.Task)]);
        var pulls = plan.Ends;
        // Another component may use the host ports of those that are removed.
        foreach (var container in dropped.Where(c => c.IsUp && c.Ports.Count > 0))
        {
            plan.After(pulls);
            plan.Stop(ComponentOf(container), container, StopTimeout(observed, ComponentOf(container)), Dropped);
        }

        var ground = plan.Ends;
        var afterwards = new List<Action>();
        foreach (var item in wanted)
        {
            plan.AfterComponents(item.DependsOn, ground);
            afterwards.AddRange(new ComponentPlanner(plan, definition, item, observed, ports, operationId, release, images, options)
                .Plan());
            plan.EndComponent(item.Name);
        }
        foreach (var container in dropped)
            afterwards.Add(() => Drop(plan, observed, container));

        if (plan.HasSteps || afterwards.Count > 0 || !IsRecorded(definition, component, observed.Deployed))
        {
            plan.After(plan.Ends);
            plan.Record($"record {definition.Name}{(component is null ? "" : "/" + component)} as deployed");
        }
        var recorded = plan.Previous;
        foreach (var cleanUp in afterwards)
        {
            plan.After(recorded);
            cleanUp();
            plan.Unless(null);
        }
        return plan.ToPlan();
    }

    private const string Dropped = "no longer in the definition";

    private static void Drop(PlanBuilder plan, ObservedService observed, ContainerInfo container)
    {
        var name = ComponentOf(container);
        plan.Component(new(name, ComponentChange.Remove, Dropped));
        if (container.IsUp && container.Ports.Count == 0)
            plan.Stop(name, container, StopTimeout(observed, name), Dropped);
        plan.Remove(name, container, container.Name, Dropped);
    }

    private static bool IsRecorded(ServiceDefinition definition, string? component, ServiceDefinition? deployed) =>
        component is null
            ? definition.Equals(deployed)
            : definition.Components.First(c => c.Name == component).Equals(deployed?.Components.FirstOrDefault(c => c.Name == component));

    private static string ComponentOf(ContainerInfo container) => container.Labels.GetValueOrDefault(ContainerLabels.Component) ?? "";

    /// <summary>A container was promised the time that was said when it was made.</summary>
    internal static TimeSpan StopTimeout(ObservedService observed, string component, ComponentDefinition? wanted = null) =>
        observed.Deployed?.Components.FirstOrDefault(c => c.Name == component)?.StopTimeout ?? wanted?.StopTimeout
            ?? ComponentDefinition.DefaultStopTimeout;

    /// <summary>"it has exited", "it is paused": as a reason.</summary>
    internal static string StateOf(ContainerInfo container) =>
        container.State == ContainerState.Exited ? "it has exited" : $"it is {container.State.ToString().ToLowerInvariant()}";
}
