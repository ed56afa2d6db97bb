using Mcp.Agent.Deploy;
using Mcp.Agent.Tests.Deploy;
using Mcp.Core.Containers;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Tests.Ownership;

/// <summary>Several agents on one engine.</summary>
public sealed class OwnContainersTests : IDisposable
{
    private readonly DeployFixture _node = new();

    public OwnContainersTests()
    {
        foreach (var image in (string[])["registry/web:v1", "registry/worker:v1"])
            _node.Engine.AddImage(image);
    }

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Deploy_MarksItsContainers()
    {
        await _node.DeployAsync(DeployFixture.Shop());

        Assert.All(_node.Engine.Containers, c => Assert.Equal(
            (DeployFixture.Agent.Id, DeployFixture.Agent.Node),
            (c.Labels[ContainerLabels.Agent], c.Labels[ContainerLabels.Node])));
    }

    [Fact]
    public async Task Deploy_OverAnotherAgentsContainer_SaysWhoseItIsAndLeavesIt()
    {
        var theirs = await RunAsync("shop-web", "trial", "web");

        var refused = await Assert.ThrowsAsync<AgentException>(() => _node.DeployAsync(DeployFixture.Shop()));

        Assert.Equal(AgentError.NameTaken, refused.Error);
        Assert.Contains("belongs to another agent, that of node trial (agent id ba9876543210)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("mcp deploy shop/web --take-over", refused.Remedy, StringComparison.Ordinal);
        Assert.Equal(theirs, Assert.Single(_node.Engine.Containers).Id);
        Assert.Empty(_node.Services.KnownServices);
    }

    [Fact]
    public async Task TakeOver_ReplacesThem_AndTheNextDeployHasNothingToDo()
    {
        await RunAsync("shop-web", "trial", "web");
        await RunAsync("shop-other", "trial", "other");
        _node.Engine.AddImage("byhand:v1");
        await _node.Engine.RunAsync(new() { Name = "shop-worker", Image = "byhand:v1" }, default);
        var options = new OperationOptions { TakeOver = true };

        var plan = await _node.Deployer.PlanAsync(DeployFixture.Shop(), null, options, DeployFixture.Alice, default);
        Assert.Contains("taken over: it belongs to another agent", plan.Components[0].Reason, StringComparison.Ordinal);
        Assert.Contains("taken over: it was not made by an agent", plan.Components[1].Reason, StringComparison.Ordinal);
        Assert.Contains(plan.Warnings, w => w.Contains("shop-other", StringComparison.Ordinal)
            && w.EndsWith("it is left alone", StringComparison.Ordinal));

        var ended = await DeployFixture.EndAsync(await _node.Deployer.DeployAsync(
            DeployFixture.Shop(), null, options, DeployFixture.Alice, null, default));
        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.Equal(
            ["shop-other", "shop-web", "shop-worker"], _node.Engine.Containers.Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            2, _node.Engine.Containers.Count(c => c.Labels.GetValueOrDefault(ContainerLabels.Agent) == DeployFixture.Agent.Id));

        var again = await _node.Deployer.PlanAsync(DeployFixture.Shop(), null, new(), DeployFixture.Alice, default);
        Assert.Empty(again.Steps);
    }

    [Fact]
    public async Task TakeOver_ThatFails_LeavesTheOthersContainerRunning()
    {
        var theirs = await RunAsync("shop-web", "trial", "web");
        _node.Hook = (step, moment) => step.Action == StepAction.Record && moment == StepMoment.Before
            ? throw new InvalidOperationException("no") : Task.CompletedTask;

        var ended = await DeployFixture.EndAsync(await _node.Deployer.DeployAsync(
            DeployFixture.Shop(), "web", new() { TakeOver = true }, DeployFixture.Alice, null, default));

        Assert.Equal(OperationOutcome.RolledBack, ended.Outcome);
        var left = Assert.Single(_node.Engine.Containers);
        Assert.Equal((theirs, "shop-web", ContainerState.Running), (left.Id, left.Name, left.State));
    }

    [Fact]
    public async Task TakeOver_DoesNotTakeFromAnotherServiceOfTheSameAgent()
    {
        var other = new Core.Definitions.ServiceDefinition { Name = "a-b", Components = [new() { Name = "c", Image = "registry/web:v1" }] };
        await _node.DeployAsync(other);
        var mine = new Core.Definitions.ServiceDefinition { Name = "a", Components = [new() { Name = "b-c", Image = "registry/web:v1" }] };

        var refused = await Assert.ThrowsAsync<AgentException>(() => _node.Deployer.DeployAsync(
            mine, null, new() { TakeOver = true }, DeployFixture.Alice, null, default));

        Assert.Contains("belongs to service a-b", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AfterAnotherAgentTookOver_NothingOfThisOneTouchesItsContainers()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        await _node.Engine.RemoveAsync("shop-web", default);
        var theirs = await RunAsync("shop-web", "trial", "web");

        foreach (var kind in (OperationKind[])[OperationKind.Start, OperationKind.Stop, OperationKind.Restart])
            await Assert.ThrowsAsync<AgentException>(() => _node.Deployer.RunAsync(kind, "shop", null, DeployFixture.Alice, null, default));
        var web = (await _node.Status.ReadAsync("shop", default)).Services[0].Components[0];
        Assert.Equal(Core.Status.ObservedState.Missing, web.State);
        Assert.Contains("another agent", web.Message, StringComparison.Ordinal);

        var ended = await DeployFixture.EndAsync(
            await _node.Deployer.RunAsync(OperationKind.Undeploy, "shop", null, DeployFixture.Alice, null, default));
        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.Equal(theirs, Assert.Single(_node.Engine.Containers).Id);
        var gone = await Assert.ThrowsAsync<AgentException>(
            () => _node.Deployer.RunAsync(OperationKind.Undeploy, "shop", null, DeployFixture.Alice, null, default));
        Assert.Contains("shop-web of shop belongs to another agent", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContainersOfAnAgentThatHadNoId_BelongToTheOneThatHasTheirService()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        var old = _node.Engine.Containers.Single(c => c.Name == "shop-worker");
        await _node.Engine.RemoveAsync(old.Id, default);
        await _node.Engine.RunAsync(new()
        {
            Name = old.Name,
            Image = old.Image,
            Labels = new(old.Labels.Where(l => l.Key is not (ContainerLabels.Agent or ContainerLabels.Node))),
        }, default);

        var plan = await _node.Deployer.PlanAsync(DeployFixture.Shop(), null, new(), DeployFixture.Alice, default);
        Assert.Empty(plan.Steps);
    }

    [Fact]
    public async Task AfterItsDatabaseWasLost_AnAgentKnowsItsContainers()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        _node.Services.Remove("shop");

        var ended = await _node.DeployAsync(DeployFixture.Shop());

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.Equal(2, _node.Engine.Containers.Count);
    }

    [Fact]
    public async Task Forget_LeavesTheImagesThatAnotherAgentKeeps()
    {
        Core.Definitions.ServiceDefinition Web(string version) => new()
        {
            Name = "shop", Components = [new() { Name = "web", Image = $"registry/web:{version}" }],
        };
        foreach (var version in Enumerable.Range(2, 5))
            _node.Engine.AddImage($"registry/web:v{version}");
        await _node.DeployAsync(Web("v1"));
        var id = _node.Releases.List("shop")[0].ImageIds["web"];
        var theirs = $"localhost/mcp-release/ba9876543210:{id["sha256:".Length..][..12]}";
        await _node.Engine.TagImageAsync(id, theirs, default);
        foreach (var version in Enumerable.Range(2, 5))
            await _node.DeployAsync(Web($"v{version}"));

        Assert.Null(await _node.Engine.InspectImageAsync(_node.Retention.NameOf(id), default));
        Assert.NotNull(await _node.Engine.InspectImageAsync(theirs, default));
        Assert.NotNull(await _node.Engine.InspectImageAsync("registry/web:v1", default));
    }

    private async Task<string> RunAsync(string name, string node, string component) => await _node.Engine.RunAsync(
        new()
        {
            Name = name,
            Image = "registry/web:v1",
            Labels = new(
            [
                new(ContainerLabels.Managed, "true"), new(ContainerLabels.Service, "shop"), new(ContainerLabels.Component, component),
                new(ContainerLabels.Agent, "ba9876543210"), new(ContainerLabels.Node, node),
            ]),
        },
        default);
}
