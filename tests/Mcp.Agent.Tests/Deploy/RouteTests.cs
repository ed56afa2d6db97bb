using Mcp.Agent.Tests.Deploy.Crash;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Tests.Deploy;

/// <summary>The registrar always has the service's whole set of routes.</summary>
public sealed class RouteTests : IDisposable
{
    private readonly DeployFixture _node = new();

    public RouteTests() => CrashCase.AddImages(_node.Engine);

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Deploy_WithRoutes_AppliesAllOfThemWithHostnameModeAndHostPort()
    {
        var web = CrashCase.Web("v1") with { Routes = [new() { Name = "site", Port = 443, Hostname = "shop.example.org" },
            new() { Name = "admin", Port = 8443, Mode = RouteMode.L7 }] };

        await _node.DeployAsync(CrashCase.Shop(web, CrashCase.Worker("v1")));

        var stored = _node.Services.Find("shop")!.Component("web")!;
        Assert.Equal(
            [
                new("web", "site", 443, RouteMode.L4, "shop.example.org", stored.HostPort("site")!.Value),
                new ServiceRoute("web", "admin", 8443, RouteMode.L7, null, stored.HostPort("admin")!.Value),
            ],
            _node.Routes.Of("shop")!);
    }

    [Fact]
    public async Task StartFirst_OfTwoComponents_SwitchesEachAndKeepsTheOther()
    {
        ServiceDefinition Both(string version) =>
            CrashCase.Shop(CrashCase.Beside(version),
            CrashCase.Beside(version) with { Name = "web2",
            Routes = [new() { Name = "site", Port = 444 }, new() { Name = "admin", Port = 8444 }] });
        await _node.DeployAsync(Both("v1"));
        _node.Routes.Clear();

        await _node.DeployAsync(Both("v2"));

        // Two switches and the record, each with the four routes of both components.
        Assert.Equal(3, _node.Routes.Applied.Count);
        Assert.All(_node.Routes.Applied, a => Assert.Equal(4, a.Split(',').Length));
        Assert.Equal(_node.Routes.Applied[2].Split(": ")[1].Split(", ").Order(),
            _node.Routes.Applied[1].Split(": ")[1].Split(", ").Order());
    }

    [Fact]
    public async Task Undeploy_OfTheService_AppliesNoRoutes()
    {
        await _node.DeployAsync(CrashCase.Shop(CrashCase.Web("v1")));

        await DeployFixture.EndAsync(await _node.Deployer.RunAsync(
            OperationKind.Undeploy, "shop", null, DeployFixture.Alice, null, default));

        Assert.Empty(_node.Routes.Of("shop")!);
    }

    [Fact]
    public async Task Start_OfTheAgent_AppliesTheRoutesOfAllStoredServices()
    {
        await _node.DeployAsync(CrashCase.Shop(CrashCase.Web("v1")));
        await _node.DeployAsync(CrashCase.Shop(CrashCase.Web("v1")) with { Name = "other" });

        var next = _node.StartAnew();
        await next.Recovery.StartAsync(default);

        Assert.Equal((_node.Routes.Of("shop"), _node.Routes.Of("other")), (next.Routes.Of("shop"), next.Routes.Of("other")));
        Assert.Equal(2, next.Routes.Of("other")!.Count);
        next.Recovery.Dispose();
        next.Operations.Dispose();
        next.Database.Dispose();
    }
}
