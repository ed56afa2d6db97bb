using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using static Mcp.Core.Tests.Planning.World;

namespace Mcp.Core.Tests.Planning;

public sealed class DeployPlannerTests
{
    [Fact]
    public void Plan_OnAnEmptyNode_PullsAllImagesBeforeAnythingElse()
    {
        var plan = DeployPlanner.Plan(Service(Web(), Worker()), null, Nothing, Ports, "op1");

        Assert.Equal(
            ["pull web", "pull worker", "create web", "start web", "verify web", "create worker", "start worker", "verify worker",
                "record"], Shape(plan));
        Assert.Equal(OperationKind.Deploy, plan.Kind);
        Assert.Equal(Enumerable.Range(0, plan.Steps.Count), plan.Steps.Select(s => s.Index));
    }

    [Fact]
    public void Plan_AfterItWasCarriedOut_IsEmpty()
    {
        var definition = Service(Web(), Worker());

        var again = DeployPlanner.Plan(definition, null, Deployed(definition), Ports, "op2");

        Assert.True(again.IsEmpty);
    }

    [Fact]
    public void Plan_ContainersOfAnAgentBeforeTheFingerprintHadAVersion_IsEmpty()
    {
        var definition = Service(Web(environment: ["B=2", "A=1"]), Worker());
        var observed = Deployed(definition);
        var labels = new Dictionary<string, string> { ["web"] = "e22b06b2300455aa", ["worker"] = "8f735210d47d543b" };
        var old = observed with
        {
            Containers = observed.Containers.Select(c => c with
            {
                Labels = new ValueMap([.. c.Labels, new(ContainerLabels.Spec, labels[c.Labels[ContainerLabels.Component]])]),
            }).ToValueList(),
        };

        Assert.True(DeployPlanner.Plan(definition, null, old, Ports, "op2").IsEmpty);
        Assert.Equal(
            "env changed: A",
            DeployPlanner.Plan(Service(Web(environment: ["B=2", "A=3"]), Worker()), null, old, Ports, "op2").Components[0].Reason);
    }

    [Fact]
    public void Plan_WithTheEnvironmentInAnotherOrder_RecordsItAndReplacesNothing()
    {
        var observed = Deployed(Service(Web(environment: ["B=2", "A=1"])));

        Assert.Equal(["record"], Shape(DeployPlanner.Plan(Service(Web(environment: ["A=1", "B=2"])), null, observed, Ports, "op2")));
    }

    [Fact]
    public void Plan_WithOneImageChanged_ReplacesThatComponentAloneAndSaysWhy()
    {
        var before = Service(Web(), Worker());
        var after = Service(Web("registry/web:v2"), Worker());

        var plan = DeployPlanner.Plan(after, null, Deployed(before), Ports, "op2");

        Assert.Equal(["pull web", "rename web", "create web", "stop web", "start web", "verify web", "record", "remove web"], Shape(plan));
        Assert.Equal("image v1 -> v2", plan.Steps.Single(s => s.Action == StepAction.Create).Reason);
        Assert.True(DeployPlanner.Plan(after, null, After(Deployed(before), plan, after), Ports, "op3").IsEmpty);
    }

    [Fact]
    public void Plan_WithAnEnvironmentValueChanged_NamesTheVariableAndHidesTheValue()
    {
        var observed = Deployed(Service(Web(environment: "PASSWORD=old-secret")));

        var plan = DeployPlanner.Plan(Service(Web(environment: "PASSWORD=new-secret")), null, observed, Ports, "op2");

        Assert.Equal("env changed: PASSWORD", plan.Steps.Single(s => s.Action == StepAction.Create).Reason);
        Assert.DoesNotContain(
            plan.Steps.Select(s => s.Summarize("podman").ToString()), s => s.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_WithTheTagMovedOnTheNode_ReplacesTheContainer()
    {
        var definition = Service(Worker());
        var observed = Deployed(definition) with { Images = new ValueMap([new("registry/worker:v1", "sha256:rebuilt")]) };

        var plan = DeployPlanner.Plan(definition, null, observed, [], "op2");

        Assert.Equal("registry/worker:v1 is another image now", plan.Steps.Single(s => s.Action == StepAction.Create).Reason);
    }

    [Fact]
    public void Plan_WithAnImageThatIsToBePushed_PullsItAndReplacesIfItIsAnother()
    {
        var definition = Service(Worker());

        var plan = DeployPlanner.Plan(
            definition, null, Deployed(definition), [], "op2", new() { Images = new() { ToBePushed = ["registry/worker:v1"] } });

        Assert.Equal("pull worker", Shape(plan)[0]);
        Assert.Equal(
            ("if the pulled image differs from its own", ComponentChange.Replace), (plan.Components[0].Reason, plan.Components[0].Change));
    }

    [Fact]
    public void Plan_WithAnImageThatIsToBeSent_ReplacesAndPullsNothing()
    {
        var definition = Service(Worker());
        var terms = new OperationOptions { Images = new() { ToBeSent = ["registry/worker:v1"] } };

        var plan = DeployPlanner.Plan(definition, null, Deployed(definition), [], "op2", terms);
        var fresh = DeployPlanner.Plan(definition, null, Nothing, [], "op2", terms);

        Assert.Equal(ComponentChange.Replace, plan.Components[0].Change);
        Assert.DoesNotContain(plan.Steps.Concat(fresh.Steps), s => s.Action == StepAction.Pull);
        Assert.Equal(ComponentChange.Create, fresh.Components[0].Change);
    }

    [Fact]
    public void Plan_WithAComponentDropped_LeavesItAloneUntilTheRestIsRecorded()
    {
        var plan = DeployPlanner.Plan(Service(Web()), null, Deployed(Service(Web(), Worker())), Ports, "op2");

        Assert.Equal(["record", "stop worker", "remove worker"], Shape(plan));
    }

    [Fact]
    public void Plan_WithAComponentDroppedThatHoldsHostPorts_StopsItBeforeAnythingIsMade()
    {
        var before = Service(Web(), Worker());

        var plan = DeployPlanner.Plan(Service(Worker("registry/worker:v2")), null, Deployed(before), [], "op2");

        Assert.Equal(
            ["pull worker", "stop web", "create worker", "start worker", "verify worker", "record", "stop worker", "remove worker",
                "rename worker", "remove web"], Shape(plan));
    }

    [Fact]
    public void Plan_OfOneComponent_LeavesTheOthersAlone()
    {
        var plan = DeployPlanner.Plan(
            Service(Web("registry/web:v2"), Worker("registry/worker:v2")), "worker", Deployed(Service(Web(), Worker())), Ports, "op2");

        Assert.All(plan.Steps.Where(s => s.Component.Length > 0), s => Assert.Equal("worker", s.Component));
    }

    [Fact]
    public void Plan_OfAnInactiveService_CreatesAndStartsNothing()
    {
        var plan = DeployPlanner.Plan(Service(Worker()) with { Active = false }, null, Nothing, [], "op1");

        Assert.Equal(["pull worker", "create worker", "record"], Shape(plan));
    }

    [Fact]
    public void Plan_OfAServiceMadeInactive_StopsWhatRunsAndKeepsIt()
    {
        var definition = Service(Worker());

        var plan = DeployPlanner.Plan(definition with { Active = false }, null, Deployed(definition), [], "op2");

        Assert.Equal(["stop worker", "record"], Shape(plan));
    }

    [Fact]
    public void Plan_WithAnExitedContainer_StartsItAgain()
    {
        var definition = Service(Worker());
        var observed = Deployed(definition);
        observed = observed with { Containers = [observed.Containers[0] with { State = ContainerState.Exited }] };

        var plan = DeployPlanner.Plan(definition, null, observed, [], "op2");

        Assert.Equal(["start worker", "verify worker", "record"], Shape(plan));
        Assert.Equal("it has exited", plan.Steps[0].Reason);
    }

    [Fact]
    public void Plan_WithTheRightContainerUnderAnotherName_GivesItItsName()
    {
        var definition = Service(Worker());
        var observed = Deployed(definition);
        observed = observed with { Containers = [observed.Containers[0] with { Name = "shop-worker-op9" }] };

        var plan = DeployPlanner.Plan(definition, null, observed, [], "op2");

        Assert.Equal(["record", "rename worker"], Shape(plan));
        Assert.True(DeployPlanner.Plan(definition, null, After(observed, plan, definition), [], "op3").IsEmpty);
    }

    [Fact]
    public void Plan_WithALeftOverContainer_StopsItBeforeTheNewOneStartsAndRemovesItLast()
    {
        var definition = Service(Worker());
        var observed = Deployed(Service(Worker("registry/worker:v0")));
        observed = observed with { Containers = [observed.Containers[0] with { Name = "shop-worker-op9" }], Deployed = definition };

        var plan = DeployPlanner.Plan(definition, null, observed, [], "op2");

        Assert.Equal(
            ["pull worker", "stop worker", "create worker", "start worker", "verify worker", "record", "remove worker"], Shape(plan));
        Assert.True(DeployPlanner.Plan(definition, null, After(observed, plan, definition), [], "op3").IsEmpty);
    }

    [Fact]
    public void Plan_WithOnlyTheNodeNameChanged_RecordsAndTouchesNoContainer()
    {
        var definition = Service(Worker());

        var plan = DeployPlanner.Plan(definition with { Node = "other" }, null, Deployed(definition), [], "op2");

        Assert.Equal(["record"], Shape(plan));
    }

    [Fact]
    public void Plan_OfAServiceAndComponentOfOneName_MakesOneContainerOfThatName()
    {
        var definition =
            new ServiceDefinition { Name = "mc-proxy", Components = [new ComponentDefinition { Name = "mc-proxy", Image = "img:v1" }] };

        var plan = DeployPlanner.Plan(definition, null, new ObservedService { Name = "mc-proxy" }, [], "op1");

        Assert.Equal("mc-proxy", plan.Steps.Single(s => s.Action == StepAction.Create).Spec!.Name);
    }
}
