using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using static Mcp.Core.Tests.Planning.World;

namespace Mcp.Core.Tests.Planning;

public sealed class DependencyTests
{
    [Fact]
    public void Plan_OfComponentsWithoutDependencies_LetsThemGoSideBySide()
    {
        var plan = DeployPlanner.Plan(Service(Web(), Worker()), null, Nothing, Ports, "op1");

        // All images first, then each component by itself; the record waits for both.
        Assert.Equal([0, 1], Step(plan, StepAction.Create, "web").After);
        Assert.Equal([0, 1], Step(plan, StepAction.Create, "worker").After);
        Assert.Equal(
            [Step(plan, StepAction.Verify, "web").Index, Step(plan, StepAction.Verify, "worker").Index],
            plan.Steps.Single(s => s.Action == StepAction.Record).After);
    }

    [Fact]
    public void Plan_OfADependency_PutsItFirstAndHasTheOtherWait()
    {
        var plan = DeployPlanner.Plan(Service(Web() with { DependsOn = ["worker"] }, Worker()), null, Nothing, Ports, "op1");

        Assert.Equal([Step(plan, StepAction.Verify, "worker").Index], Step(plan, StepAction.Create, "web").After);
        Assert.True(Step(plan, StepAction.Verify, "worker").Index < Step(plan, StepAction.Create, "web").Index);
        Assert.Equal([Step(plan, StepAction.Verify, "web").Index], plan.Steps.Single(s => s.Action == StepAction.Record).After);
    }

    [Fact]
    public void Plan_WithADependencyThatIsUnchanged_WaitsForWhatThatOneWouldWaitFor()
    {
        var first = Worker("registry/first:v1") with { Name = "first" };
        var second = Worker() with { DependsOn = ["first"] };
        var third = Worker("registry/third:v1") with { Name = "third", DependsOn = ["worker"] };
        var observed = Deployed(Service(first, second, third));

        var plan = DeployPlanner.Plan(
            Service(first with { Image = "registry/first:v2" }, second, third with { Image = "registry/third:v2" }), null, observed, [],
            "op2");

        Assert.Equal([Step(plan, StepAction.Verify, "first").Index], Step(plan, StepAction.Create, "third").After);
    }

    [Fact]
    public void Plan_OfATask_RunsItToItsEndBeforeWhatDependsOnIt()
    {
        var plan = DeployPlanner.Plan(Service(Worker() with { DependsOn = ["migrate"] }, Migration()), null, Nothing, [], "op1");

        Assert.Equal(
            ["pull migrate", "pull worker", "create migrate", "start migrate", "complete migrate", "create worker", "start worker",
                "verify worker", "record"], Shape(plan));
        Assert.Equal("no", Step(plan, StepAction.Create, "migrate").Spec!.RestartPolicy);
        Assert.Equal(TimeSpan.FromMinutes(10), Step(plan, StepAction.Complete, "migrate").Time);
        Assert.Equal([ComponentChange.Run, ComponentChange.Create], plan.Components.Select(c => c.Change));
    }

    [Fact]
    public void Plan_OfATaskThatHasEndedWell_DoesNotRunItAgain()
    {
        var definition = Service(Migration());

        Assert.True(DeployPlanner.Plan(definition, null, Deployed(definition), [], "op2").IsEmpty);
    }

    [Fact]
    public void Plan_OfATaskWithAnotherImage_RunsItAgain()
    {
        var plan = DeployPlanner.Plan(Service(Migration("registry/migrate:v2")), null, Deployed(Service(Migration())), [], "op2");

        Assert.Equal(
            ["pull migrate", "rename migrate", "create migrate", "start migrate", "complete migrate", "record", "remove migrate"],
            Shape(plan));
    }

    [Fact]
    public void Stop_OfDependentComponents_StopsThemBeforeWhatTheyNeed()
    {
        var definition = Service(Worker(), Web() with { DependsOn = ["worker"] });

        var plan = LifecyclePlanner.Stop(definition, null, Deployed(definition));

        Assert.Equal(["stop web", "stop worker", "record"], Shape(plan));
        Assert.Equal([0], plan.Steps[1].After);
    }

    [Fact]
    public void Start_OfAService_LeavesItsTasksAlone()
    {
        var definition = Service(Migration(), Worker());
        var observed = Deployed(definition);
        observed = observed with { Containers = [.. observed.Containers.Select(c => c with { State = ContainerState.Exited })] };

        Assert.Equal(
            ["start worker", "verify worker", "record"],
            Shape(LifecyclePlanner.Start(definition, null, observed, [], "op2", restart: false)));
        Assert.Equal(
            ["start migrate", "complete migrate", "record"],
            Shape(LifecyclePlanner.Start(definition, "migrate", observed, [], "op2", restart: false)));
    }

    private static ComponentDefinition Migration(string image = "registry/migrate:v1") =>
        new() { Name = "migrate", Image = image, Kind = ComponentKind.Task };

    private static PlanStep Step(Plan plan, StepAction action, string component) =>
        plan.Steps.Single(s => s.Action == action && s.Component == component);
}
