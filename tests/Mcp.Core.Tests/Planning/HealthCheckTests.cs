using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Core.Tests.Planning;

public sealed class HealthCheckTests
{
    private static readonly ComponentDefinition Web = new()
    {
        Name = "web",
        Image = "web",
        Ports = [new("10.0.0.1", 8443, 443), new(null, 53, 53, "udp")],
        Routes = [new() { Name = "site", Port = 443 }, new() { Name = "admin", Port = 444 }],
    };

    private static readonly AssignedPort[] Ports = [new("other", "site", 1), new("web", "site", 20001), new("web", "admin", 20002)];

    public static TheoryData<HealthDefinition?, string, string[]> Checks() => new()
    {
        { null, "stays up and accepts connections on route site and route admin", ["127.0.0.1:20001", "127.0.0.1:20002"] },
        { new() { Http = "/healthz", Route = "admin" }, "answers GET /healthz on route admin with 200", ["127.0.0.1:20002"] },
        { new() { Http = "/", Port = 443, Status = 204, StayUp = TimeSpan.FromSeconds(10) },
            "answers GET / on port 443 with 204 and has been up for 10s", ["10.0.0.1:8443"] },
        { new() { Tcp = true }, "accepts connections on route site and route admin", ["127.0.0.1:20001", "127.0.0.1:20002"] },
        { new() { Exec = ["pg_isready", "-q"] }, "passes `pg_isready`", [] },
        { new() { Image = true }, "passes its image's health check", [] },
    };

    [Theory]
    [MemberData(nameof(Checks))]
    public void For_AComponent_SaysWhatIsAskedAndWhere(HealthDefinition? health, string text, string[] addresses)
    {
        var check = HealthCheck.For(Web with { Health = health }, Ports);

        Assert.Equal(text, check.Describe());
        Assert.Equal(addresses, check.Addresses.Select(a => $"{a.Ip}:{a.Port}"));
    }

    [Fact]
    public void For_AComponentWithoutRoutes_AsksItsFixedPortOnlyOnDemand()
    {
        var worker = Web with { Routes = [] };

        Assert.Empty(HealthCheck.For(worker, []).Addresses);
        Assert.Equal("stays up", HealthCheck.For(worker, []).Describe());
        Assert.Equal(8443, Assert.Single(HealthCheck.For(worker with { Health = new() { Http = "/" } }, []).Addresses).Port);
    }

    [Fact]
    public void Plan_StepThatWaits_SaysForWhat()
    {
        var web = World.Web() with { Health = new() { Http = "/healthz" } };

        var plan = DeployPlanner.Plan(World.Service(web), null, World.Nothing, World.Ports, "op");

        var step = plan.Steps.Single(s => s.Action == StepAction.Verify);
        Assert.Equal("wait until shop-web answers GET /healthz with 200", step.Description);
        Assert.Equal(31022, Assert.Single(step.Health!.Addresses).Port);
    }

    [Fact]
    public void Plan_OnlyHealthChanged_RecordsAndRestartsNothing()
    {
        var before = World.Service(World.Web());
        var after = World.Service(World.Web() with { Health = new() { Tcp = true } });

        var plan = DeployPlanner.Plan(after, null, World.Deployed(before), World.Ports, "op");

        Assert.Equal(["record"], World.Shape(plan));
    }
}
