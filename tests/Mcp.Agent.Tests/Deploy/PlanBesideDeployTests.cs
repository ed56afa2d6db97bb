using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Testing.Containers;

namespace Mcp.Agent.Tests.Deploy;

/// <summary>A plan and a deploy of the same service at once: neither takes the other's ports.</summary>
public sealed class PlanBesideDeployTests : IDisposable
{
    private const int FixedPort = 20500;

    private DeployFixture _node = new();

    public PlanBesideDeployTests()
    {
        foreach (var version in (string[])["v1", "v2", "v3"])
            _node.Engine.AddToRegistry("registry/web:" + version);
    }

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData(StepAction.Create)]
    [InlineData(StepAction.Start)]
    [InlineData(StepAction.Record)]
    public async Task Plan_WhileADeployIsHeld_ShowsTheSamePorts(StepAction at)
    {
        await _node.DeployAsync(Web("v1"));
        var port = Port;
        var (reached, go) = (Signal(), Signal());
        _node.Hook = async (step, moment) =>
        {
            if (step.Action != at || moment != Mcp.Agent.Deploy.StepMoment.Before)
                return;
            reached.TrySetResult();
            await go.Task;
        };
        var deploy = await _node.Deployer.DeployAsync(Web("v2"), null, OperationOptions.Default, DeployFixture.Alice, null, default);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var plan = await PlanAsync("v3");

        Assert.Contains($"127.0.0.1:{port}:{port}", plan.Steps.First(s => s.Action == "create").RunLine, StringComparison.Ordinal);
        go.SetResult();
        Assert.Equal(OperationOutcome.Succeeded, (await DeployFixture.EndAsync(deploy)).Outcome);
        Assert.Equal(port, Port);
    }

    [Fact]
    public async Task Deploy_WhileAPlanIsHeld_KeepsItsPorts()
    {
        await _node.DeployAsync(Web("v1"));
        var port = Port;
        // Asked when the ports are chosen already, and only once by each agent.
        _node = _node.StartAnew();
        var block = _node.Engine.Block(EngineVerb.Info);
        var plan = PlanAsync("v2");
        await block.Reached;

        Assert.Equal(OperationOutcome.Succeeded, (await _node.DeployAsync(Web("v2"))).Outcome);

        Assert.Equal(port, Port);
        block.Release();
        await plan;
    }

    [Fact]
    public async Task Plan_WhileADeployMakesTheContainer_DoesNotTakeItForAStranger()
    {
        var block = _node.Engine.Block(EngineVerb.List, FaultPoint.After);
        var plan = PlanAsync("v2");
        await block.Reached;

        await _node.DeployAsync(Web("v1"));
        block.Release();

        Assert.Contains((await plan).Steps, step => step.Action == "create");
    }

    [Fact]
    public async Task PlansAndDeploys_ManyAtOnce_NeverFailAndNeverMoveThePort()
    {
        await _node.DeployAsync(Web("v1"));
        var port = Port;
        using var enough = new CancellationTokenSource();
        var plans = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
                await PlanAsync("v2");
        })));

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(OperationOutcome.Succeeded, (await _node.DeployAsync(Web(i % 2 == 0 ? "v2" : "v1"))).Outcome);
            Assert.Equal(port, Port);
        }

        await enough.CancelAsync();
        await plans;
    }

    private int? Port => _node.Services.Find("shop")!.Component("web")!.HostPort("site");

    private Task<OperationPlanned> PlanAsync(string version) =>
        _node.Deployer.PlanAsync(Web(version), null, OperationOptions.Default, DeployFixture.Alice, default);

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static ServiceDefinition Web(string version) => new()
    {
        Name = "shop",
        Components = [new()
        {
            Name = "web",
            Image = "registry/web:" + version,
            Routes = [new() { Name = "site", Port = 443 }],
            Ports = [new(null, FixedPort, 80)],
            Health = new() { StayUp = TimeSpan.FromMilliseconds(1) },
        }],
    };
}
