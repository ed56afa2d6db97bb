using System.Globalization;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;

namespace Mcp.Core.Planning;

/// <summary>Collects steps with their numbers, their wording and what they wait for.</summary>
internal sealed class PlanBuilder(OperationKind kind, string service)
{
    private readonly List<PlanStep> _steps = [];
    private readonly List<string> _warnings = [];
    private readonly List<ComponentPlan> _components = [];
    private readonly List<AssignedPort> _ports = [];
    private readonly Dictionary<string, ValueList<int>> _last = new(StringComparer.Ordinal);
    private ValueList<int> _previous = [];
    private ImageCondition? _unless;

    public bool HasSteps => _steps.Count > 0;

    /// <summary>The steps that nothing waits for yet: all of them are done when these are.</summary>
    public ValueList<int> Ends
    {
        get
        {
            var awaited = _steps.SelectMany(s => s.After).ToHashSet();
            return _steps.Select(s => s.Index).Where(i => !awaited.Contains(i)).ToValueList();
        }
    }

    /// <summary>What the next step waits for: the one before it, until <see cref="After"/> says otherwise.</summary>
    public ValueList<int> Previous => _previous;

    /// <summary>The steps that follow go one after the other, and the first of them waits for these.</summary>
    public void After(IEnumerable<int> steps) => _previous = steps.Distinct().Order().ToValueList();

    /// <summary>The steps that follow wait for these components; where nothing is known of any of them, for <paramref
    /// name="otherwise"/>.</summary>
    public void AfterComponents(IEnumerable<string> components, IEnumerable<int> otherwise)
    {
        var before = components.SelectMany(c => _last.GetValueOrDefault(c, [])).ToList();
        After(before.Count > 0 ? before : otherwise);
    }

    /// <summary>The component is as it should be when the step before this is done.</summary>
    public void EndComponent(string component) => _last[component] = _previous;

    public void Warn(string warning) => _warnings.Add(warning);

    /// <summary>The steps that follow are for the case that the pulled image is another one than this; null: for any case.</summary>
    public void Unless(ImageCondition? condition) => _unless = condition;

    public void Component(ComponentPlan component) => _components.Add(component);

    public void Ports(IEnumerable<AssignedPort> ports) => _ports.AddRange(ports);

    /// <param name="expected">The digest that was checked; null: whatever comes.</param>
    public void Pull(string component, string image, string? expected, string reason) =>
        Add(new() { Index = 0, Action = StepAction.Pull, Component = component, Image = image, Digest = expected,
            Description = $"pull {image}", Reason = reason });

    /// <param name="container">Id, or the name under which the plan created it.</param>
    public void Rename(string component, string container, string from, string to, string reason) =>
        Add(new() { Index = 0, Action = StepAction.Rename, Component = component, Container = container, Names = (from, to),
            Description = $"rename {from} to {to}", Reason = reason });

    public void Create(string component, ContainerSpec spec, string reason) =>
        Add(new() { Index = 0, Action = StepAction.Create, Component = component, Container = spec.Name, Spec = spec,
            Description = $"create {spec.Name} from {spec.Image}", Reason = reason });

    public void Stop(string component, ContainerInfo container, TimeSpan timeout, string reason) =>
        Add(new() { Index = 0, Action = StepAction.Stop, Component = component, Container = container.Id, Time = timeout,
            Description = $"stop {container.Name}", Reason = reason });

    public void StartAndVerify(string component, string container, string name, string reason, HealthCheck health)
    {
        Start(component, container, name, reason);
        Add(new() { Index = 0, Action = StepAction.Verify, Component = component, Container = container, Health = health,
            Description = $"wait until {name} {health.Describe()}" });
    }

    /// <summary>For a task: it succeeds with exit code 0.</summary>
    public void StartAndComplete(string component, string container, string name, string reason, TimeSpan timeout)
    {
        Start(component, container, name, reason);
        Add(new() { Index = 0, Action = StepAction.Complete, Component = component, Container = container, Time = timeout,
            Description = $"wait until {name} has ended with exit code 0" });
    }

    /// <summary>From here on requests go to the new container.</summary>
    /// <param name="ports">The component's.</param>
    public void Switch(ComponentDefinition component, IReadOnlyList<AssignedPort> ports) =>
        Add(new()
        {
            Index = 0, Action = StepAction.Switch, Component = component.Name,
            Routes = ServiceRoute.Of(component, route => ports.FirstOrDefault(p => p.Route == route)?.Next.HostPort),
            Description = $"switch {string.Join(", ", ports.Select(Switched))}",
        });

    private static string Switched(AssignedPort port)
    {
        var route = port.Route.Length == 0 ? "its route" : "route " + port.Route;
        return string.Create(CultureInfo.InvariantCulture, $"{route} from host port {port.HostPort} to {port.Next.HostPort}");
    }

    public void Drain(string component, ContainerInfo container, TimeSpan time) =>
        Add(new() { Index = 0, Action = StepAction.Drain, Component = component, Container = container.Id, Time = time,
            Description = $"let {container.Name} drain for {DurationText.Of(time)}" });

    public void Record(string description) => Add(new() { Index = 0, Action = StepAction.Record, Description = description });

    public void Remove(string component, ContainerInfo container, string name, string reason) =>
        Add(new() { Index = 0, Action = StepAction.Remove, Component = component, Container = container.Id, Description = $"remove {name}",
            Reason = reason });

    public Plan ToPlan() => new(kind, service, _steps.ToValueList(), _warnings.ToValueList())
    {
        Components = _components.ToValueList(), Ports = _ports.ToValueList(),
    };

    private void Start(string component, string container, string name, string reason) =>
        Add(new() { Index = 0, Action = StepAction.Start, Component = component, Container = container, Description = $"start {name}",
            Reason = reason });

    private void Add(PlanStep step)
    {
        _steps.Add(step with { Index = _steps.Count, Unless = _unless, After = _previous });
        _previous = [_steps.Count - 1];
    }
}
