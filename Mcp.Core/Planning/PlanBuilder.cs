using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Operations;

namespace Mcp.Core.Planning;

/// <summary>Collects steps with their numbers and their wording.</summary>
internal sealed class PlanBuilder(OperationKind kind, string service)
{
    private readonly List<PlanStep> _steps = [];
    private readonly List<string> _warnings = [];
    private ImageCondition? _unless;

    public bool HasSteps => _steps.Count > 0;

    public void Warn(string warning) => _warnings.Add(warning);

    /// <summary>The steps that follow are for the case that the pulled image is another one than this; null: for any case.</summary>
    public void Unless(ImageCondition? condition) => _unless = condition;

    /// <param name="expected">The digest that was checked; null: whatever comes.</param>
    public void Pull(string component, string image, string? expected, string reason) =>
        Add(new() { Index = 0, Action = StepAction.Pull, Component = component, Image = image, Digest = expected, Description = $"pull {image}", Reason = reason });

    public void Rename(string component, ContainerInfo container, string newName) =>
        Add(new()
        {
            Index = 0, Action = StepAction.Rename, Component = component, Container = container.Id, Names = (container.Name, newName),
            Description = $"rename {container.Name} to {newName}", Reason = "kept until the new one is good",
        });

    public void Create(string component, ContainerSpec spec, string reason) =>
        Add(new() { Index = 0, Action = StepAction.Create, Component = component, Container = spec.Name, Spec = spec, Description = $"create {spec.Name} from {spec.Image}", Reason = reason });

    public void Stop(string component, ContainerInfo container, string reason) =>
        Add(new() { Index = 0, Action = StepAction.Stop, Component = component, Container = container.Id, Description = $"stop {container.Name}", Reason = reason });

    public void StartAndVerify(string component, string container, string name, string reason, HealthCheck health)
    {
        Add(new() { Index = 0, Action = StepAction.Start, Component = component, Container = container, Description = $"start {name}", Reason = reason });
        Add(new() { Index = 0, Action = StepAction.Verify, Component = component, Container = container, Health = health, Description = $"wait until {name} {health.Describe()}" });
    }

    public void Record(string description) => Add(new() { Index = 0, Action = StepAction.Record, Description = description });

    public void Remove(string component, ContainerInfo container, string name, string reason) =>
        Add(new() { Index = 0, Action = StepAction.Remove, Component = component, Container = container.Id, Description = $"remove {name}", Reason = reason });

    public Plan ToPlan() => new(kind, service, _steps.ToValueList(), _warnings.ToValueList());

    private void Add(PlanStep step) => _steps.Add(step with { Index = _steps.Count, Unless = _unless });
}
