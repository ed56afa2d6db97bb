using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using static Mcp.Core.Tests.Planning.World;

namespace Mcp.Core.Tests.Planning;

public sealed class StrategyTests
{
    private static readonly PortMapping FixedPort = PortMapping.TryParse("8080:80")!;
    private static readonly VolumeMount Writable = VolumeMount.TryParse("data:/data")!;
    private static readonly VolumeMount ReadOnly = VolumeMount.TryParse("data:/data:ro")!;
    private static readonly AssignedPort[] TwoPorts = [new("web", "site", 31022, 31099)];

    public static TheoryData<string, DeployStrategy, string> Choices => new()
    {
        { "nothing", DeployStrategy.StartFirst, "it holds no host port" },
        { "read-only volume", DeployStrategy.StartFirst, "it holds no host port" },
        { "host network", DeployStrategy.StopFirst, "it is on the host's network, where it may listen on any port" },
        { "bridge network", DeployStrategy.StartFirst, "it holds no host port" },
        { "shared network", DeployStrategy.StartFirst, "it holds no host port" },
        { "named network", DeployStrategy.StopFirst, "others on network shop find it by its name, which only one container can have" },
        { "named network, start-first", DeployStrategy.StopFirst,
            "`strategy` says start-first, but others on network shop find it by its name, which only one container can have" },
        { "route", DeployStrategy.StopFirst, "its routes keep their host ports, as no ingress holds the address" },
        { "route, start-first", DeployStrategy.StartFirst, "`strategy` says so" },
        { "nothing, stop-first", DeployStrategy.StopFirst, "`strategy` says so" },
        { "fixed port", DeployStrategy.StopFirst, "fixed host port 8080 can be held by one container only" },
        { "fixed port, start-first", DeployStrategy.StopFirst,
            "`strategy` says start-first, but fixed host port 8080 can be held by one container only" },
        { "volume", DeployStrategy.StopFirst, "two containers must not write to data at once" },
        { "volume, start-first", DeployStrategy.StopFirst,
            "`strategy` says start-first, but two containers must not write to data at once" },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void For_AComponent_SaysWhichAndWhy(string shape, DeployStrategy strategy, string reason) =>
        Assert.Equal(new StrategyChoice(strategy, reason), StrategyChoice.For(Shaped(shape)));

    [Fact]
    public void Plan_StartFirst_TouchesTheOldContainerOnlyOnceAllIsRecorded()
    {
        var before = Service(StartFirstWeb("registry/web:v1"));
        var after =
            Service(StartFirstWeb("registry/web:v2") with { Drain = TimeSpan.FromSeconds(5), StopTimeout = TimeSpan.FromSeconds(7) });
        var observed = Deployed(before);

        var plan = DeployPlanner.Plan(after, null, observed, TwoPorts, "op2");

        Assert.Equal(
            ["pull web", "create web", "start web", "verify web", "switch web", "record", "drain web", "stop web", "remove web",
                "rename web"], Shape(plan));
        var spec = plan.Steps.Single(s => s.Action == StepAction.Create).Spec!;
        Assert.Equal("shop-web-op2", spec.Name);
        Assert.Contains("PORT_SITE=31099", spec.Environment);
        Assert.Equal([31099], spec.Ports.Select(p => p.HostPort));
        Assert.Equal("switch route site from host port 31022 to 31099", plan.Steps.Single(s => s.Action == StepAction.Switch).Description);
        Assert.Equal([31099], plan.Steps.Single(s => s.Action == StepAction.Verify).Health!.Addresses.Select(a => a.Port));
        // The old container was promised the default when it was made.
        Assert.Equal(
            [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(7)],
            plan.Steps.Where(s => s.Action is StepAction.Drain or StepAction.Stop).Select(s => s.Time!.Value));
        Assert.Equal(("shop-web-op2", "shop-web"), plan.Steps[^1].Names);
        Assert.Equal(
            new ComponentPlan("web", ComponentChange.Replace, "image v1 -> v2", DeployStrategy.StartFirst, "`strategy` says so"),
            plan.Components.Single());

        var then = After(observed, plan, after);
        Assert.Equal(["shop-web"], then.Containers.Select(c => c.Name));
        Assert.True(DeployPlanner.Plan(after, null, then, [new("web", "site", 31099, 31100)], "op3").IsEmpty);
    }

    [Fact]
    public void Plan_StartFirstThatCannotBe_WarnsAndKeepsThePort()
    {
        ComponentDefinition Web(string image) => StartFirstWeb(image) with { Volumes = [Writable] };

        var plan = DeployPlanner.Plan(Service(Web("registry/web:v2")), null, Deployed(Service(Web("registry/web:v1"))), TwoPorts, "op2");

        Assert.Equal(
            ["web is replaced stop-first: `strategy` says start-first, but two containers must not write to data at once"], plan.Warnings);
        Assert.Equal([new AssignedPort("web", "site", 31022)], plan.Ports);
        Assert.Equal([31022], plan.Steps.Single(s => s.Action == StepAction.Create).Spec!.Ports.Select(p => p.HostPort));
    }

    [Fact]
    public void Plan_OfAContainerThatDoesNotRun_NeedsNoStrategy()
    {
        var observed = Deployed(Service(StartFirstWeb("registry/web:v1")));
        observed = observed with { Containers = [observed.Containers[0] with { State = ContainerState.Exited }] };

        var plan = DeployPlanner.Plan(Service(StartFirstWeb("registry/web:v2")), null, observed, TwoPorts, "op2");

        Assert.Equal(["pull web", "rename web", "create web", "start web", "verify web", "record", "remove web"], Shape(plan));
        Assert.Null(plan.Components.Single().Strategy);
    }

    [Fact]
    public void Plan_WithForce_ReplacesWhatIsUnchanged()
    {
        var definition = Service(Web(), Worker());

        var plan = DeployPlanner.Plan(definition, null, Deployed(definition), Ports, "op2", new() { Force = true });

        Assert.Equal(["forced", "forced"], plan.Components.Select(c => c.Reason));
        Assert.Equal([ComponentChange.Replace, ComponentChange.Replace], plan.Components.Select(c => c.Change));
        Assert.True(DeployPlanner.Plan(definition, null, After(Deployed(definition), plan, definition), Ports, "op3").IsEmpty);
    }

    [Fact]
    public void Plan_OfWhatIsUnchanged_SaysSo()
    {
        var before = Service(Web(), Worker());

        var plan = DeployPlanner.Plan(Service(Web(), Worker("registry/worker:v2")), null, Deployed(before), Ports, "op2");

        Assert.Equal(["web: unchanged: skipped", "worker: image v1 -> v2"], plan.Components.Select(c => $"{c.Component}: {c.Reason}"));
    }

    [Fact]
    public void Plan_ThatIsNotStoppedAtTheRecord_NamesTheReleaseInItsLabels()
    {
        var plan = DeployPlanner.Plan(Service(Worker()), null, Nothing, [], "op1", release: 7);

        Assert.Equal("7", plan.Steps.Single(s => s.Action == StepAction.Create).Spec!.Labels[ContainerLabels.Release]);
    }

    private static ComponentDefinition StartFirstWeb(string image) => Web(image) with { Strategy = DeployStrategy.StartFirst };

    private static ComponentDefinition Shaped(string shape)
    {
        var component = shape.Split(',')[0] switch
        {
            "read-only volume" => Worker() with { Volumes = [ReadOnly] },
            "host network" => Worker() with { Network = "host" },
            "named network" => Worker() with { Network = "shop" },
            "bridge network" => Worker() with { Network = "bridge" },
            "shared network" => Worker() with { Network = "container:other" },
            "route" => Web(),
            "fixed port" => Worker() with { Ports = [FixedPort] },
            "volume" => Worker() with { Volumes = [Writable] },
            _ => Worker(),
        };
        return shape.EndsWith("start-first", StringComparison.Ordinal) ? component with { Strategy = DeployStrategy.StartFirst }
            : shape.EndsWith("stop-first", StringComparison.Ordinal) ? component with { Strategy = DeployStrategy.StopFirst }
            : component;
    }
}
