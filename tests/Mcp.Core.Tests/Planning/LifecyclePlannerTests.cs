using Mcp.Core.Containers;
using Mcp.Core.Planning;
using static Mcp.Core.Tests.Planning.World;

namespace Mcp.Core.Tests.Planning;

public sealed class LifecyclePlannerTests
{
    private static readonly Mcp.Core.Definitions.ServiceDefinition Shop = Service(Web(), Worker());

    private static ObservedService With(ContainerState state)
    {
        var observed = Deployed(Shop);
        return observed with { Containers = [.. observed.Containers.Select(c => c with { State = state })] };
    }

    [Fact]
    public void Start_OfWhatRuns_OnlyRecords() =>
        Assert.Equal(["record"], Shape(LifecyclePlanner.Start(Shop, null, Deployed(Shop), Ports, "op2", restart: false)));

    [Fact]
    public void Start_OfAGoneContainer_MakesItAnew() =>
        Assert.Equal(
            ["create worker", "start worker", "verify worker", "record"],
            Shape(LifecyclePlanner.Start(Shop, "worker", Deployed(Shop) with { Containers = [] }, Ports, "op2", restart: false)));

    [Fact]
    public void Restart_OfOneComponent_StopsAndStartsThatOne() =>
        Assert.Equal(
            ["stop worker", "start worker", "verify worker", "record"],
            Shape(LifecyclePlanner.Start(Shop, "worker", Deployed(Shop), Ports, "op2", restart: true)));

    [Fact]
    public void Restart_OfAnExitedComponent_StartsIt() =>
        Assert.Equal(
            ["start worker", "verify worker", "record"],
            Shape(LifecyclePlanner.Start(Shop, "worker", With(ContainerState.Exited), Ports, "op2", restart: true)));

    [Fact]
    public void Stop_OfAService_StopsWhatIsUp() =>
        Assert.Equal(["stop worker", "stop web", "record"], Shape(LifecyclePlanner.Stop(Shop, null, Deployed(Shop))));

    [Fact]
    public void Stop_OfARestartingContainer_StopsIt() =>
        Assert.Equal(["stop worker", "record"], Shape(LifecyclePlanner.Stop(Shop, "worker", With(ContainerState.Restarting))));

    [Fact]
    public void Undeploy_ForgetsOnlyWhenEverythingIsRemoved() =>
        Assert.Equal(
            ["stop worker", "stop web", "remove web", "remove worker", "record"],
            Shape(LifecyclePlanner.Undeploy("shop", null, Deployed(Shop))));
}
