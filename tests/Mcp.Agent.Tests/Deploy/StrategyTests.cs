using Mcp.Agent.Deploy;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Testing.Containers;

namespace Mcp.Agent.Tests.Deploy;

public sealed class StrategyTests : IDisposable
{
    private readonly DeployFixture _node = new();

    public StrategyTests()
    {
        foreach (var image in (string[])["registry/web:v1", "registry/web:v2", "registry/worker:v1", "registry/worker:v2"])
            _node.Engine.AddToRegistry(image);
        _node.Engine.AddToRegistry("registry/web:bad", FakeImage.Exits(3));
        _node.Engine.AddToRegistry("registry/migrate:good", FakeImage.Exits(0, TimeSpan.FromMilliseconds(20)));
        _node.Engine.AddToRegistry("registry/migrate:bad", FakeImage.Exits(1, default, "column is missing"));
    }

    [Fact]
    public async Task StartFirst_OfAGoodImage_SwitchesToAFreshPortAndTakesTheName()
    {
        await _node.DeployAsync(Web("v1"));
        var (old, port) = (await InspectAsync("shop-web"), Port);
        var upAtTheSwitch = new List<string>();
        _node.Hook = (step, moment) =>
        {
            if (step.Action == StepAction.Switch && moment == StepMoment.Before)
                upAtTheSwitch.AddRange(_node.Engine.Containers.Where(c => c.IsUp).Select(c => c.Image).Order(StringComparer.Ordinal));
            return Task.CompletedTask;
        };

        Assert.Equal(OperationOutcome.Succeeded, (await _node.DeployAsync(Web("v2"))).Outcome);

        Assert.Equal(["registry/web:v1", "registry/web:v2"], upAtTheSwitch);
        Assert.NotEqual(port, Port);
        // At the record of the first deploy, at the switch, at the record.
        Assert.Equal([$"shop: web/site {port}", $"shop: web/site {Port}", $"shop: web/site {Port}"], _node.Routes.Applied);
        var only = Assert.Single(_node.Engine.Containers);
        Assert.Equal(("shop-web", "registry/web:v2", ContainerState.Running), (only.Name, only.Image, only.State));
        Assert.NotEqual(old.Id, only.Id);
        Assert.Equal([Port!.Value], only.Ports.Select(p => p.HostPort));
        // Planned again, nothing is to be done: the fresh port is the one to keep.
        Assert.Empty((await PlanAsync(Web("v2"))).Steps);
    }

    [Fact]
    public async Task StartFirst_OfABadImage_NeverTouchesTheOldContainer()
    {
        await _node.DeployAsync(Web("v1"));
        var (old, port) = (await InspectAsync("shop-web"), Port);
        _node.Routes.Clear();

        Assert.Equal(OperationOutcome.RolledBack, (await _node.DeployAsync(Web("bad"))).Outcome);

        var only = Assert.Single(_node.Engine.Containers);
        Assert.Equal((old.Id, old.Name, old.StartedAt, ContainerState.Running), (only.Id, only.Name, only.StartedAt, only.State));
        Assert.Equal(port, Port);
        Assert.Empty(_node.Routes.Applied);
    }

    [Fact]
    public async Task Rollback_OfAnotherComponent_SwitchesBackAndRestartsNothingThatRuns()
    {
        ServiceDefinition Shop(string web, string worker) => Web(web) with
        {
            Components = [Web(web).Components[0], new() { Name = "worker", Image = "registry/" + worker, DependsOn = ["web"] }],
        };
        _node.Engine.AddToRegistry("registry/worker:bad", FakeImage.Exits(3));
        await _node.DeployAsync(Shop("v1", "worker:v1"));
        var before = _node.Engine.Containers.Select(c => (c.Id, c.Name, c.StartedAt)).Order().ToList();
        var port = Port;
        _node.Routes.Clear();

        Assert.Equal(OperationOutcome.RolledBack, (await _node.DeployAsync(Shop("v2", "worker:bad"))).Outcome);

        Assert.Equal(before, _node.Engine.Containers.Select(c => (c.Id, c.Name, c.StartedAt)).Order().ToList());
        Assert.Equal(2, _node.Routes.Applied.Count);
        Assert.NotEqual($"shop: web/site {port}", _node.Routes.Applied[0]);
        Assert.Equal($"shop: web/site {port}", _node.Routes.Applied[1]);
    }

    [Fact]
    public async Task Task_ThatEndsWell_RunsBeforeWhatDependsOnIt_AndIsWantedCompleted()
    {
        var order = new List<string>();
        _node.Hook = (step, moment) =>
        {
            if (moment == StepMoment.After && step.Action is StepAction.Complete or StepAction.Create)
                lock (order)
                    order.Add($"{step.Action} {step.Component}");
            return Task.CompletedTask;
        };

        var ended = await _node.DeployAsync(WithTask("good"));

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.Equal(["Create migrate", "Complete migrate", "Create worker"], order);
        Assert.Equal(["Running", "Completed"], _node.Services.Find("shop")!.Components.Select(c => c.Desired.ToString()));
        Assert.Empty((await PlanAsync(WithTask("good"))).Steps);
    }

    [Fact]
    public async Task Task_ThatIsRunAgainByHandAndFails_IsTold()
    {
        var runs = 0;
        _node.Engine.AddToRegistry("registry/migrate:once", FakeImage.Runs with { Start = _ => new FakeRun { ExitCode = runs++ } });
        Assert.Equal(OperationOutcome.Succeeded, (await _node.DeployAsync(WithTask("once"))).Outcome);

        var ended = await DeployFixture.EndAsync(
            await _node.Deployer.RunAsync(OperationKind.Start, "shop", "migrate", DeployFixture.Alice, null, default));

        Assert.Equal("task-failed", ended.ErrorId);
        var task = ended.Components.Single(c => c.Component == "migrate");
        Assert.Equal("the task ended with exit code 1; `mcp logs` may tell why, `mcp start` runs it again", task.Message);
    }

    [Fact]
    public async Task Task_ThatFails_KeepsTheRestFromBeingTouched()
    {
        await _node.DeployAsync(WithTask("good"));
        var before = _node.Engine.Containers.Select(c => (c.Id, c.Name, c.StartedAt, c.State)).Order().ToList();

        var ended = await _node.DeployAsync(WithTask("bad", "worker:v2"));

        Assert.Equal((OperationOutcome.RolledBack, "task-failed"), (ended.Outcome, ended.ErrorId));
        Assert.Contains("task shop-migrate ended with exit code 1; its last lines:\n  column is missing", ended.Message,
            StringComparison.Ordinal);
        Assert.Equal(before, _node.Engine.Containers.Select(c => (c.Id, c.Name, c.StartedAt, c.State)).Order().ToList());
    }

    [Fact]
    public async Task Task_ThatTakesTooLong_IsGivenUp()
    {
        _node.Engine.AddToRegistry("registry/migrate:slow");
        var definition = WithTask("slow");
        definition = definition with { Components = [definition.Components[0],
            definition.Components[1] with { Timeout = TimeSpan.FromMilliseconds(100) }] };

        var ended = await _node.DeployAsync(definition);

        Assert.Equal("task-failed", ended.ErrorId);
        Assert.StartsWith("task shop-migrate did not end within 100ms", ended.Message, StringComparison.Ordinal);
        Assert.Empty(_node.Engine.Containers);
    }

    [Fact]
    public async Task Plan_BeforeADeploy_ChangesNothing()
    {
        await _node.DeployAsync(Web("v1"));
        var (containers, stored) = (_node.Engine.Containers.ToList(), _node.Services.Find("shop"));

        var plan = await PlanAsync(Web("v2"));

        var web = Assert.Single(plan.Components);
        Assert.Equal(("image v1 -> v2", DeployStrategy.StartFirst, "`strategy` says so", 2),
            (web.Reason, web.Strategy, web.StrategyReason, plan.Release));
        Assert.StartsWith("fake run -d --name shop-web-planned", web.RunLine, StringComparison.Ordinal);
        Assert.Equal(containers, _node.Engine.Containers.ToList());
        Assert.Equal(stored, _node.Services.Find("shop"));
        Assert.Single(_node.Releases.List("shop"));
        Assert.Empty(_node.Journal.FindOpen());
    }

    /// <summary>Nobody knows what a registrar may throw.</summary>
    [Fact]
    public async Task Rollback_WhoseRegistrarBreaks_TakesTheRestBackAndSaysSo()
    {
        ServiceDefinition Shop(string web, string worker) => Web(web) with
        {
            Components = [Web(web).Components[0], new() { Name = "worker", Image = "registry/" + worker, DependsOn = ["web"] }],
        };
        _node.Engine.AddToRegistry("registry/worker:bad", FakeImage.Exits(3));
        await _node.DeployAsync(Shop("v1", "worker:v1"));
        var before = _node.Engine.Containers.Select(c => (c.Id, c.Name, c.State)).Order().ToList();
        _node.Hook = (step, moment) =>
        {
            if (step.Action == StepAction.Switch && moment == StepMoment.After)
                _node.Routes.Failure = new InvalidOperationException("the ingress is confused");
            return Task.CompletedTask;
        };

        var ended = await _node.DeployAsync(Shop("v2", "worker:bad"));

        Assert.Equal((OperationOutcome.Failed, "container-failed"), (ended.Outcome, ended.ErrorId));
        Assert.Contains("the ingress is confused", ended.Message, StringComparison.Ordinal);
        Assert.Equal(before, _node.Engine.Containers.Select(c => (c.Id, c.Name, c.State)).Order());
        // The recovery goes on with it.
        Assert.Equal(ended.OperationId, Assert.Single(_node.Journal.FindOpen()).Id);
    }

    public void Dispose() => _node.Dispose();

    private int? Port => _node.Services.Find("shop")!.Component("web")!.HostPort("site");

    private async Task<ContainerInfo> InspectAsync(string name) => (await _node.Engine.InspectAsync(name, default))!;

    private Task<OperationPlanned> PlanAsync(ServiceDefinition definition) =>
        _node.Deployer.PlanAsync(definition, null, OperationOptions.Default, DeployFixture.Alice, default);

    private static ServiceDefinition Web(string version) => new()
    {
        Name = "shop",
        Components = [new() { Name = "web", Image = "registry/web:" + version, Strategy = DeployStrategy.StartFirst,
            Routes = [new() { Name = "site", Port = 443 }] }],
    };

    private static ServiceDefinition WithTask(string version, string worker = "worker:v1") => new()
    {
        Name = "shop",
        Components =
        [
            new() { Name = "worker", Image = "registry/" + worker, DependsOn = ["migrate"] },
            new() { Name = "migrate", Image = "registry/migrate:" + version, Kind = ComponentKind.Task },
        ],
    };
}
