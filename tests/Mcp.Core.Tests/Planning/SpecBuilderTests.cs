using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Core.Tests.Planning;

public sealed class SpecBuilderTests
{
    private static ComponentDefinition Component(params string[] routes) => new()
    {
        Name = "web",
        Image = "img:v1",
        Ports = [new PortMapping(null, 8080, 80)],
        Routes = [.. routes.Select(r => new RouteDefinition { Name = r, Port = 443 })],
    };

    [Fact]
    public void Build_WithOneUnnamedRoute_GivesPortAndMapsItToItself()
    {
        var spec = SpecBuilder.Build("shop", Component(""), [new("web", "", 31022)], "op1");

        Assert.Equal(["PORT=31022"], spec.Environment);
        Assert.Equal([new PortBinding(null, 8080, 80), new PortBinding("127.0.0.1", 31022, 31022)], spec.Ports);
    }

    [Fact]
    public void Build_WithOneNamedRoute_GivesPortUnderBothNames() =>
        Assert.Equal(
            ["PORT=31022", "PORT_ADMIN_UI=31022"],
            SpecBuilder.Build("shop", Component("admin-ui"), [new("web", "admin-ui", 31022)], "op1").Environment);

    [Fact]
    public void Build_WithSeveralRoutes_GivesEachItsOwnVariable() =>
        Assert.Equal(
            ["PORT_SITE=31022", "PORT_ADMIN=31023"],
            SpecBuilder.Build(
                "shop", Component("site", "admin"), [new("web", "site", 31022), new("web", "admin", 31023)], "op1").Environment);

    [Fact]
    public void Build_WithMemory_LimitsItAndChangesTheFingerprintOnlyThen()
    {
        var without = SpecBuilder.Build("shop", Component(""), [], "op1");
        var with = SpecBuilder.Build("shop", Component("") with { Memory = MemoryLimit.TryParse("512m") }, [], "op1");

        Assert.Null(without.Memory);
        Assert.Equal(536_870_912, with.Memory);
        Assert.DoesNotContain("memory", SpecFingerprint.CanonicalText(without), StringComparison.Ordinal);
        Assert.Contains("\"memory\":\"512m\"", SpecFingerprint.CanonicalText(with), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_OnTheHostNetwork_MapsNothing()
    {
        var spec = SpecBuilder.Build("shop", Component("") with { Network = "host" }, [new("web", "", 31022)], "op1");

        Assert.Empty(spec.Ports);
        Assert.Equal(["PORT=31022"], spec.Environment);
    }

    [Fact]
    public void Fingerprint_OfTheSameComponentInAnotherOperation_IsTheSame()
    {
        AssignedPort[] ports = [new("web", "", 31022)];

        Assert.Equal(Label("op1"), Label("op2"));

        string Label(string operation) => SpecBuilder.Build("shop", Component(""), ports, operation).Labels[ContainerLabels.Spec];
    }

    [Fact]
    public void Fingerprint_WithAnotherHostPort_Differs() =>
        Assert.NotEqual(
            SpecBuilder.Build("shop", Component(""), [new("web", "", 31022)], "op1").Labels[ContainerLabels.Spec],
            SpecBuilder.Build("shop", Component(""), [new("web", "", 31023)], "op1").Labels[ContainerLabels.Spec]);
}
