using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;

namespace Mcp.Core.Planning;

/// <summary>What a deploy does to one component.</summary>
internal sealed class ComponentPlanner(
    PlanBuilder plan, ServiceDefinition definition, ComponentDefinition component, ObservedService observed,
    IReadOnlyList<AssignedPort> ports, string operationId, int? release,
    ImageSteps images, OperationOptions options)
{
    private const string Orphan = "orphan of an interrupted operation";
    private const string IfOther = "if the pulled image differs from its own";

    private readonly string _name = component.Name;
    private readonly List<AssignedPort> _ports = ports.Where(p => p.Component == component.Name).ToList();

    /// <summary>Adds the steps before the deploy is recorded, and returns what adds those after it.</summary>
    public IReadOnlyList<Action> Plan()
    {
        if (component.Kind == ComponentKind.Task && !options.RunTasks)
        {
            plan.Component(new(_name, ComponentChange.Unchanged, "a rollback does not run tasks"));
            return [];
        }
        var existing = observed.ContainersOf(_name).ToList();
        var spec = Spec(_ports.Select(p => p.Kept));
        var current = existing.Find(c => c.Name == spec.Name);
        var pulled = images.IsPulled(component.Image);
        if (!pulled && Successor(existing, current, spec) is { } successor)
            return [() => TakeName(existing, successor, spec.Name)];

        var leftovers = existing.Where(c => c != current).ToList();
        var reason = ReasonToReplace(spec, current);
        var replaces = current is null || reason is not null || pulled;
        // Only the pull will tell whether a container that is as it should be runs the image that it should.
        var unless = pulled && current is not null && reason is null && leftovers.Count == 0 && IsUpToDate(current)
            ? new ImageCondition(component.Image, current.ImageId)
            : null;
        plan.Unless(unless);
        StopAll(leftovers);
        var after = replaces
            ? Replace(spec, current, reason ?? (current is null ? "new" : IfOther))
            : BringToState(current!);
        plan.Unless(null);
        var cleanup = leftovers.Select<ContainerInfo, Action>(c => () => plan.Remove(_name, c, c.Name, Orphan));
        return after is null ? [.. cleanup] : [() => Finish(after, unless), .. cleanup];
    }

    private Action? Replace(ContainerSpec spec, ContainerInfo? current, string reason)
    {
        var overlaps = current is not null && current.IsUp && definition.Active && component.Kind == ComponentKind.Server;
        var choice = overlaps ? StrategyChoice.For(component) : null;
        var change = component.Kind == ComponentKind.Task && definition.Active ? ComponentChange.Run
            : current is null ? ComponentChange.Create
            : ComponentChange.Replace;
        plan.Component(new(_name, change, reason, choice?.Strategy, choice?.Reason ?? ""));
        if (choice is { Strategy: DeployStrategy.StopFirst } && component.Strategy == DeployStrategy.StartFirst)
            plan.Warn($"{_name} is replaced stop-first: {choice.Reason}");
        return choice?.Strategy == DeployStrategy.StartFirst ? StartFirst(spec, current!, reason) : StopFirst(spec, current, reason);
    }

    /// <summary>Nothing of what runs is touched until the whole service is recorded.</summary>
    private Action StartFirst(ContainerSpec kept, ContainerInfo current, string reason)
    {
        plan.Ports(_ports);
        var next = _ports.Select(p => p.Next).ToList();
        var spec = Spec(next) with { Name = BesideName(kept.Name) };
        plan.Create(_name, spec, reason);
        plan.StartAndVerify(_name, spec.Name, spec.Name, "", HealthCheck.For(component, next));
        if (_ports.Count > 0)
            plan.Switch(component, _ports);
        return () =>
        {
            if (component.Drain is { } drain && drain > TimeSpan.Zero)
                plan.Drain(_name, current, drain);
            plan.Stop(_name, current, StopTimeout, "replaced");
            plan.Remove(_name, current, current.Name, "replaced");
            plan.Rename(_name, spec.Name, spec.Name, kept.Name, "takes the name of the replaced container");
        };
    }

    private Action? StopFirst(ContainerSpec spec, ContainerInfo? current, string reason)
    {
        plan.Ports(_ports.Select(p => p.Kept));
        var retired = BesideName(spec.Name);
        if (current is not null)
            plan.Rename(_name, current.Id, current.Name, retired, "kept until the new one is healthy");
        // Created before the old one stops: what creating can find wrong costs no downtime.
        plan.Create(_name, spec, reason);
        if (current is not null && current.IsUp)
            plan.Stop(_name, current, StopTimeout, "makes room for the new one");
        if (definition.Active)
            Start(spec.Name, spec.Name, "");
        return current is null ? null : () => plan.Remove(_name, current, retired, "replaced");
    }

    private Action? BringToState(ContainerInfo container)
    {
        plan.Ports(_ports.Select(p => p.Kept));
        var up = container.IsUp;
        var change = (IsUpToDate(container), up) switch
        {
            (true, _) => new ComponentPlan(_name, ComponentChange.Unchanged, "unchanged: skipped"),
            (false, true) => new(_name, ComponentChange.Stop, "active = false"),
            _ => new(
                _name, component.Kind == ComponentKind.Task ? ComponentChange.Run : ComponentChange.Start,
                DeployPlanner.StateOf(container)),
        };
        plan.Component(change);
        if (change.Change == ComponentChange.Stop)
            plan.Stop(_name, container, StopTimeout, change.Reason);
        else if (change.Change != ComponentChange.Unchanged)
            Start(container.Id, container.Name, change.Reason);
        return null;
    }

    private void Start(string container, string name, string reason)
    {
        if (component.Kind == ComponentKind.Task)
            plan.StartAndComplete(_name, container, name, reason, component.Timeout ?? ComponentDefinition.DefaultTimeout);
        else
            plan.StartAndVerify(_name, container, name, reason, HealthCheck.For(component, _ports.Select(p => p.Kept)));
    }

    private void Finish(Action after, ImageCondition? unless)
    {
        plan.Unless(unless);
        after();
    }

    /// <summary>The container of a deploy that was recorded and interrupted before it gave the container its name.</summary>
    private ContainerInfo? Successor(List<ContainerInfo> existing, ContainerInfo? current, ContainerSpec spec) =>
        options.Force || !definition.Active || component.Kind == ComponentKind.Task
            || (current is not null && ReasonToReplace(spec, current) is null)
            ? null
            : existing.Find(c => c != current && c.IsUp && ReasonToReplace(spec, c) is null);

    private void TakeName(List<ContainerInfo> existing, ContainerInfo successor, string name)
    {
        plan.Ports(_ports.Select(p => p.Kept));
        plan.Component(new(_name, ComponentChange.Unchanged, "runs already; gets its name, which an interrupted deploy did not give it"));
        foreach (var container in existing.Where(c => c != successor))
        {
            if (container.IsUp)
                plan.Stop(_name, container, StopTimeout, Orphan);
            plan.Remove(_name, container, container.Name, Orphan);
        }
        plan.Rename(_name, successor.Id, successor.Name, name, "takes the name of the replaced container");
    }

    private string? ReasonToReplace(ContainerSpec spec, ContainerInfo? current)
    {
        if (current is null)
            return null;
        // Its labels, which can't be changed, say that it is another's.
        if (observed.TakenOver.TryGetValue(current.Id, out var owner))
            return $"taken over: it {owner}";
        if (!SpecFingerprint.Matches(current.Labels.GetValueOrDefault(ContainerLabels.Spec), spec))
        {
            var before = observed.Deployed?.Components.FirstOrDefault(c => c.Name == _name);
            var changes = before is null ? [] : ComponentChanges.Between(before, component);
            return changes.Count > 0 ? string.Join("; ", changes) : "the container differs from what was deployed";
        }
        if (observed.Images.TryGetValue(component.Image, out var imageId) && imageId != current.ImageId && spec.ImageId is not null)
            return $"{component.Image} is another image now";
        // An engine does not start a dead container again.
        if (current.State == ContainerState.Dead)
            return "the engine reports it as dead";
        return options.Force ? "forced" : null;
    }

    private bool IsUpToDate(ContainerInfo container) => (definition.Active, component.Kind) switch
    {
        (false, _) => !container.IsUp,
        (true, ComponentKind.Task) => container is { State: ContainerState.Exited, ExitCode: 0 },
        _ => container.IsUp,
    };

    private void StopAll(IEnumerable<ContainerInfo> containers)
    {
        foreach (var container in containers.Where(c => c.IsUp))
            plan.Stop(_name, container, StopTimeout, Orphan);
    }

    private ContainerSpec Spec(IEnumerable<AssignedPort> assigned) =>
        SpecBuilder.Build(definition.Name, component, assigned, operationId, release) with { ImageId = images.IdOf(component.Image) };

    private TimeSpan StopTimeout => DeployPlanner.StopTimeout(observed, _name, component);

    private string BesideName(string name) => $"{name}-{operationId}";
}
