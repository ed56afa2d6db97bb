using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Core.Status;
using Mcp.Testing.Containers;

namespace Mcp.Agent.Tests.Deploy;

public sealed class DeployerTests : IDisposable
{
    private readonly DeployFixture _node = new();

    public DeployerTests()
    {
        foreach (var image in (string[])["registry/web:v1", "registry/web:v2", "registry/worker:v1", "registry/worker:v2"])
            _node.Engine.AddToRegistry(image);
    }

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Deploy_OnAnEmptyNode_RunsAllAndStoresIt()
    {
        var ended = await _node.DeployAsync(DeployFixture.Shop());

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.Equal(["shop-web", "shop-worker"], _node.Engine.Containers.Select(c => c.Name).Order());
        Assert.All(_node.Engine.Containers, c => Assert.Equal(ContainerState.Running, c.State));
        var stored = _node.Services.Find("shop")!;
        Assert.Equal(DeployFixture.Shop(), stored.Definition);
        Assert.Equal("alice", stored.DeployedBy);
        Assert.Equal(ObservedState.Running, ended.Components[0].State);
    }

    [Fact]
    public async Task Deploy_HostnameAndPortOfAnotherService_IsRefusedAtPlanTime()
    {
        static ServiceDefinition At(string service, string? hostname) => DeployFixture.Shop() with
        {
            Name = service,
            Components = [new() { Name = "web", Image = "registry/web:v1",
                Routes = [new() { Name = "site", Port = 443, Hostname = hostname }] }],
        };
        await _node.DeployAsync(At("first", "www.example.com"));

        var refused = await Assert.ThrowsAsync<AgentException>(
            () => _node.Deployer.PlanAsync(At("second", "WWW.example.com"), null, OperationOptions.Default, DeployFixture.Alice, default));
        await Assert.ThrowsAsync<AgentException>(() => _node.DeployAsync(At("second", "www.example.com")));

        Assert.Equal(
            ("port-taken", "second/web can't have port 443 of WWW.example.com: component first/web (route site) has it"),
                (refused.Id, refused.Message));
        Assert.Equal("give the route of second/web another port or hostname, or undeploy first", refused.Remedy);
        Assert.Single(_node.Engine.Containers);
        // Its own address, another hostname, and none are fine.
        Assert.Equal(OperationOutcome.Succeeded, (await _node.DeployAsync(At("first", "www.example.com") with { Version = "v2" })).Outcome);
        Assert.Equal(OperationOutcome.Succeeded, (await _node.DeployAsync(At("third", "example.com"))).Outcome);
        Assert.Equal(OperationOutcome.Succeeded, (await _node.DeployAsync(At("fourth", null))).Outcome);
        Assert.Equal(OperationOutcome.Succeeded, (await _node.DeployAsync(At("fifth", null))).Outcome);
    }

    [Fact]
    public async Task Deploy_TellsThePlanThenEachStepThenTheResult()
    {
        var operation = await _node.Deployer.DeployAsync(
            DeployFixture.Shop(), null, OperationOptions.Default, DeployFixture.Alice, null, CancellationToken.None);
        var updates = await DeployFixture.UpdatesAsync(operation);

        var plan = Assert.IsType<OperationPlanned>(updates[0]);
        var done = updates.OfType<StepProgressed>().Where(s => s.State == StepState.Done).Select(s => s.Index).ToList();
        Assert.Equal(plan.Steps.Select(s => s.Index), done.Order());
        Assert.All(plan.Steps, s => Assert.All(s.After, before => Assert.True(done.IndexOf(before) < done.IndexOf(s.Index))));
        Assert.Contains("-p 127.0.0.1:", plan.Steps.First(s => s.Action == "create").RunLine, StringComparison.Ordinal);
        Assert.IsType<OperationEnded>(updates[^1]);
    }

    [Fact]
    public async Task Deploy_WithARoute_GivesTheContainerItsPort()
    {
        await _node.DeployAsync(DeployFixture.Shop());

        var port = _node.Services.Find("shop")!.Component("web")!.HostPort("site")!.Value;
        var spec = _node.Engine.SpecOf("shop-web")!;
        Assert.Contains($"PORT_SITE={port}", spec.Environment);
        Assert.Contains(new PortBinding("127.0.0.1", port, port), spec.Ports);
    }

    [Fact]
    public async Task Redeploy_OfTheSame_DoesNothing()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        var before = _node.Engine.Containers.Select(c => c.Id).Order();

        var operation = await _node.Deployer.DeployAsync(
            DeployFixture.Shop(), null, OperationOptions.Default, DeployFixture.Alice, null, CancellationToken.None);

        Assert.Empty(((OperationPlanned)(await DeployFixture.UpdatesAsync(operation))[0]).Steps);
        Assert.Equal(before, _node.Engine.Containers.Select(c => c.Id).Order());
    }

    [Fact]
    public async Task Redeploy_OfANewVersion_KeepsTheRoutePortsAndTheOtherComponent()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        var port = _node.Services.Find("shop")!.Component("web")!.HostPort("site");
        var worker = (await _node.Engine.InspectAsync("shop-worker", CancellationToken.None))!.Id;

        var ended = await _node.DeployAsync(DeployFixture.Shop("registry/web:v2"));

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.Equal(port, _node.Services.Find("shop")!.Component("web")!.HostPort("site"));
        Assert.Equal(2, _node.Engine.Containers.Count);
        Assert.Equal(worker, (await _node.Engine.InspectAsync("shop-worker", CancellationToken.None))!.Id);
        Assert.Equal("registry/web:v2", _node.Engine.SpecOf("shop-web")!.Image);
    }

    [Fact]
    public async Task Deploy_OfACrashingImage_PutsTheWholeServiceBackAndSaysWhy()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        var before = _node.Services.Find("shop");
        var containers = _node.Engine.Containers.Select(c => (c.Id, c.Name)).Order().ToList();
        _node.Engine.AddToRegistry("registry/worker:v2", FakeImage.Exits(3, default, "cannot open /data"));

        var ended = await _node.DeployAsync(DeployFixture.Shop("registry/web:v2", "registry/worker:v2"));

        Assert.Equal(OperationOutcome.RolledBack, ended.Outcome);
        Assert.Equal("container-failed", ended.ErrorId);
        Assert.Contains("cannot open /data", ended.Message, StringComparison.Ordinal);
        Assert.Equal(containers, _node.Engine.Containers.Select(c => (c.Id, c.Name)).Order().ToList());
        Assert.All(_node.Engine.Containers, c => Assert.Equal(ContainerState.Running, c.State));
        Assert.Equal(before!.Definition, _node.Services.Find("shop")!.Definition);
    }

    [Fact]
    public async Task Deploy_OfAnImageThatNeverAnswers_PutsTheOldOneBackWithTheLastAnswer()
    {
        using var node = new DeployFixture((_, container) => [new Health.ScriptedProbe(container.Image == "registry/web:v1")]);
        node.Engine.AddToRegistry("registry/web:v1");
        node.Engine.AddToRegistry("registry/web:v2");
        ServiceDefinition Web(string version) => new()
        {
            Name = "shop",
            Components = [new() { Name = "web", Image = "registry/web:" + version,
                Health = new() { Exec = ["check"], StartPeriod = TimeSpan.Zero, Retries = 1 } }],
        };
        Assert.Equal(OperationOutcome.Succeeded, (await node.DeployAsync(Web("v1"))).Outcome);

        var ended = await node.DeployAsync(Web("v2"));

        Assert.Equal((OperationOutcome.RolledBack, "unhealthy"), (ended.Outcome, ended.ErrorId));
        Assert.Contains("the last answer: are you well? no (1); it logged nothing", ended.Message, StringComparison.Ordinal);
        var old = Assert.Single(node.Engine.Containers);
        Assert.Equal(("registry/web:v1", ContainerState.Running), (old.Image, old.State));
        Assert.Equal(Web("v1"), node.Services.Find("shop")!.Definition);
    }

    [Fact]
    public async Task Deploy_OfWhatWasFlapping_SaysSoOnlyOfWhatItLeftAlone()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        foreach (var component in DeployFixture.Shop().Components)
            _node.Noticed.Set("shop", component.Name, new(ObservedState.Running, null, null, Flapping: true, "keeps starting and ending"));

        var ended = await _node.DeployAsync(DeployFixture.Shop("registry/web:v2"));

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.All(ended.Components, c => Assert.Equal((c.Component != "web", c.Component == "web"), (c.Flapping, c.Message.Length == 0)));
        Assert.Contains(ended.Components, c => c.Flapping);
    }

    [Fact]
    public async Task Deploy_WithAnImageThatIsNowhere_TouchesNothing()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        var calls = _node.Engine.Calls.Count;

        var ended = await _node.DeployAsync(DeployFixture.Shop("registry/web:v9"));

        Assert.Equal("image-not-found", ended.ErrorId);
        Assert.DoesNotContain(_node.Engine.Calls.Skip(calls), c =>
            c.Verb is EngineVerb.Stop or EngineVerb.Rename or EngineVerb.Create or EngineVerb.Remove);
    }

    public static TheoryData<EngineVerb, FaultPoint> ReplacingVerbs()
    {
        var data = new TheoryData<EngineVerb, FaultPoint>();
        foreach (var verb in (EngineVerb[])[EngineVerb.Pull, EngineVerb.Rename, EngineVerb.Create, EngineVerb.Stop, EngineVerb.Start])
        {
            data.Add(verb, FaultPoint.Before);
            data.Add(verb, FaultPoint.After);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(ReplacingVerbs))]
    public async Task Deploy_WithAFailingStep_LeavesWhatRanBefore(EngineVerb verb, FaultPoint at)
    {
        await _node.DeployAsync(DeployFixture.Shop());
        var containers = _node.Engine.Containers.Select(c => (c.Id, c.Name)).Order().ToList();
        _node.Engine.Fail(verb, at: at);

        var ended = await _node.DeployAsync(DeployFixture.Shop("registry/web:v2", "registry/worker:v2"));

        Assert.Equal(OperationOutcome.RolledBack, ended.Outcome);
        Assert.Equal(containers, _node.Engine.Containers.Select(c => (c.Id, c.Name)).Order().ToList());
        Assert.All(_node.Engine.Containers, c => Assert.Equal(ContainerState.Running, c.State));
        Assert.Equal(OperationOutcome.Succeeded,
            (await _node.DeployAsync(DeployFixture.Shop("registry/web:v2", "registry/worker:v2"))).Outcome);
    }

    [Fact]
    public async Task Deploy_ThatFailsAfterRecording_SucceedsAndTheNextOneCleansUp()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        _node.Engine.Fail(EngineVerb.Remove);

        var ended = await _node.DeployAsync(DeployFixture.Shop("registry/web:v2"));

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.Contains("tries again", ended.Message, StringComparison.Ordinal);
        Assert.Equal(3, _node.Engine.Containers.Count);
        await _node.DeployAsync(DeployFixture.Shop("registry/web:v2"));
        Assert.Equal(2, _node.Engine.Containers.Count);
    }

    [Fact]
    public async Task Deploy_WhoseEngineIsDown_ThrowsAndHoldsNothing()
    {
        _node.Engine.GoDown();
        await Assert.ThrowsAsync<EngineException>(() => _node.DeployAsync(DeployFixture.Shop()));
        _node.Engine.ComeBack();

        Assert.Equal(OperationOutcome.Succeeded, (await _node.DeployAsync(DeployFixture.Shop())).Outcome);
    }

    [Fact]
    public async Task Deploy_WhileAnotherRuns_IsRefusedAndSaysWhoAndSinceWhen()
    {
        var block = _node.Engine.Block(EngineVerb.Create);
        var first = await _node.Deployer.DeployAsync(
            DeployFixture.Shop(), null, OperationOptions.Default, DeployFixture.Alice, null, CancellationToken.None);
        await block.Reached;

        var refused = await Assert.ThrowsAsync<AgentException>(() => _node.DeployAsync(DeployFixture.Shop()));

        block.Release();
        Assert.Equal(AgentError.ServiceLocked, refused.Error);
        Assert.Contains("alice", refused.Message, StringComparison.Ordinal);
        Assert.Equal(OperationOutcome.Succeeded, (await DeployFixture.EndAsync(first)).Outcome);
    }

    [Fact]
    public async Task Deploys_OfManyServicesAtOnce_NeverShareAPort()
    {
        ServiceDefinition Many(int i) => new()
        {
            Name = $"s{i}",
            Components = [new() { Name = "c", Image = "registry/web:v1",
                Routes = [new() { Name = "a", Port = 443 }, new() { Name = "b", Port = 444 }, new() { Name = "c", Port = 445 }] }],
        };

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => _node.DeployAsync(Many(i)))));

        Assert.All(outcomes, o => Assert.Equal(OperationOutcome.Succeeded, o.Outcome));
        var ports = _node.Services.List().SelectMany(s => s.Components).SelectMany(c => c.HostPorts).Select(p => p.HostPort).ToList();
        Assert.Equal(60, ports.Distinct().Count());
    }

    [Fact]
    public async Task Deploy_WithAFixedPortInUse_IsRefusedBeforeAnythingIsTouched()
    {
        _node.BusyPorts.Add(8080);
        var definition = new ServiceDefinition { Name = "old",
            Components = [new() { Name = "web", Image = "registry/web:v1", Ports = [new(null, 8080, 80)] }] };

        var refused = await Assert.ThrowsAsync<AgentException>(() => _node.DeployAsync(definition));

        Assert.Equal(AgentError.PortTaken, refused.Error);
        Assert.Empty(_node.Engine.Containers);
    }

    [Fact]
    public async Task Deploy_OverAForeignContainersName_IsRefusedAndLeavesIt()
    {
        _node.Engine.AddImage("other:v1");
        await _node.Engine.RunAsync(new ContainerSpec { Name = "shop-web", Image = "other:v1" }, CancellationToken.None);

        var refused = await Assert.ThrowsAsync<AgentException>(() => _node.DeployAsync(DeployFixture.Shop()));

        Assert.Equal(AgentError.NameTaken, refused.Error);
        Assert.Contains("was not made by an agent", refused.Message, StringComparison.Ordinal);
        Assert.Contains("mcp deploy shop/web --take-over", refused.Remedy, StringComparison.Ordinal);
        Assert.Equal(ContainerState.Running, Assert.Single(_node.Engine.Containers).State);
    }

    [Fact]
    public async Task Deploy_OfAnInactiveService_RunsNothingAndStartBringsItUp()
    {
        var ended = await _node.DeployAsync(DeployFixture.Shop() with { Active = false });

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.All(_node.Engine.Containers, c => Assert.Equal(ContainerState.Created, c.State));
        Assert.All(_node.Services.Find("shop")!.Components, c => Assert.Equal(DesiredState.Stopped, c.Desired));
        await DeployFixture.EndAsync(await _node.Deployer.RunAsync(
            OperationKind.Start, "shop", null, DeployFixture.Alice, null, CancellationToken.None));
        Assert.All(_node.Engine.Containers, c => Assert.Equal(ContainerState.Running, c.State));
    }

    [Fact]
    public async Task Deploy_OfOneComponent_KeepsTheOtherAsStored()
    {
        await _node.DeployAsync(DeployFixture.Shop());

        await _node.DeployAsync(DeployFixture.Shop("registry/web:v2", "registry/worker:v2"), "web");

        var stored = _node.Services.Find("shop")!.Definition;
        Assert.Equal(["registry/web:v2", "registry/worker:v1"], stored.Components.Select(c => c.Image));
        Assert.Equal("registry/worker:v1", _node.Engine.SpecOf("shop-worker")!.Image);
    }

    [Fact]
    public async Task Deploy_OfAnInvalidDefinition_NamesEveryProblem()
    {
        var refused = await Assert.ThrowsAsync<AgentException>(
            () => _node.DeployAsync(new ServiceDefinition { Name = "No Good", Components = [] }));

        Assert.Equal(AgentError.InvalidDefinition, refused.Error);
    }

    [Fact]
    public async Task Restart_OfAnExitedComponent_StartsIt()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        await _node.Engine.StopAsync("shop-worker", TimeSpan.Zero, CancellationToken.None);

        var ended = await DeployFixture.EndAsync(
            await _node.Deployer.RunAsync(OperationKind.Restart, "shop", "worker", DeployFixture.Alice, null, CancellationToken.None));

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.Equal(ContainerState.Running, (await _node.Engine.InspectAsync("shop-worker", CancellationToken.None))!.State);
    }

    [Fact]
    public async Task Stop_ThenStatus_IsStoppedAsWanted()
    {
        await _node.DeployAsync(DeployFixture.Shop());

        var ended = await DeployFixture.EndAsync(
            await _node.Deployer.RunAsync(OperationKind.Stop, "shop", "worker", DeployFixture.Alice, null, CancellationToken.None));

        var worker = ended.Components.Single(c => c.Component == "worker");
        Assert.Equal((DesiredState.Stopped, ObservedState.Exited, ""), (worker.Desired, worker.State, worker.Message));
    }

    [Fact]
    public async Task Undeploy_RemovesContainersRowsAndPorts()
    {
        await _node.DeployAsync(DeployFixture.Shop());

        var ended = await DeployFixture.EndAsync(
            await _node.Deployer.RunAsync(OperationKind.Undeploy, "shop", null, DeployFixture.Alice, null, CancellationToken.None));

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.Empty(_node.Engine.Containers);
        Assert.Null(_node.Services.Find("shop"));
        Assert.Empty(_node.Services.PortClaims());
    }

    [Fact]
    public async Task Undeploy_ThatFailsHalfway_CanBeRepeated()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        _node.Engine.Fail(EngineVerb.Remove);

        var ended = await DeployFixture.EndAsync(
            await _node.Deployer.RunAsync(OperationKind.Undeploy, "shop", null, DeployFixture.Alice, null, CancellationToken.None));

        Assert.Equal(OperationOutcome.Failed, ended.Outcome);
        Assert.NotNull(_node.Services.Find("shop"));
        await DeployFixture.EndAsync(await _node.Deployer.RunAsync(
            OperationKind.Undeploy, "shop", null, DeployFixture.Alice, null, CancellationToken.None));
        Assert.Empty(_node.Engine.Containers);
    }

    [Fact]
    public async Task Start_OfAnUnknownService_NamesThoseThatAreThere()
    {
        await _node.DeployAsync(DeployFixture.Shop());

        var refused = await Assert.ThrowsAsync<AgentException>(
            () => _node.Deployer.RunAsync(OperationKind.Start, "shpo", null, DeployFixture.Alice, null, CancellationToken.None));

        Assert.Equal(AgentError.NotFound, refused.Error);
        Assert.Contains("shop", refused.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoDidWhat_IsInTheEvents()
    {
        await _node.DeployAsync(DeployFixture.Shop());

        var entry = _node.Events.Query(new EventRequest("shop")).Last();

        Assert.Equal(("deployed", "alice"), (entry.Kind, entry.Actor));
    }

    [Fact]
    public async Task Watch_WhoseCallerLeaves_DoesNotEndTheOperation()
    {
        var block = _node.Engine.Block(EngineVerb.Create);
        var operation = await _node.Deployer.DeployAsync(
            DeployFixture.Shop(), null, OperationOptions.Default, DeployFixture.Alice, null, CancellationToken.None);
        await block.Reached;
        using (var leave = new CancellationTokenSource())
        {
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (var _ in operation.WatchAsync(leave.Token))
                {
                }
            });
        }
        block.Release();

        Assert.Equal(OperationOutcome.Succeeded, (await DeployFixture.EndAsync(_node.Operations.Find(operation.Id)!)).Outcome);
    }

    [Fact]
    public async Task Stopping_TheAgentDuringADeploy_LetsItEnd()
    {
        var block = _node.Engine.Block(EngineVerb.Create);
        var operation = await _node.Deployer.DeployAsync(
            DeployFixture.Shop(), null, OperationOptions.Default, DeployFixture.Alice, null, CancellationToken.None);
        await block.Reached;
        var stopping = _node.Operations.StopAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);

        block.Release();
        await stopping;

        Assert.Equal(OperationOutcome.Succeeded, (await DeployFixture.EndAsync(operation)).Outcome);
    }

    [Fact]
    public async Task Stopping_TheAgentImpatiently_RollsTheDeployBack()
    {
        var block = _node.Engine.Block(EngineVerb.Start);
        var operation = await _node.Deployer.DeployAsync(
            DeployFixture.Shop(), null, OperationOptions.Default, DeployFixture.Alice, null, CancellationToken.None);
        await block.Reached;

        await _node.Operations.StopAsync(new CancellationToken(canceled: true));

        Assert.Equal(OperationOutcome.RolledBack, (await DeployFixture.EndAsync(operation)).Outcome);
        Assert.Empty(_node.Engine.Containers);
    }
}
