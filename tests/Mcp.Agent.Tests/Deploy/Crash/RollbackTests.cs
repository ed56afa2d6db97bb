using Mcp.Agent.Deploy;
using Mcp.Core.Containers;
using Mcp.Core.Operations;
using Mcp.Testing.Containers;

namespace Mcp.Agent.Tests.Deploy.Crash;

public sealed class RollbackTests : IDisposable
{
    private readonly DeployFixture _node = new();

    public RollbackTests() => CrashCase.AddImages(_node.Engine);

    public void Dispose() => _node.Dispose();

    /// <summary>What crash-loops is up again at any moment, and would take the old one's host ports.</summary>
    [Fact]
    public async Task StopFirst_OfWhatHasCrashed_RemovesItBeforeTheOldOneStarts()
    {
        await _node.DeployAsync(CrashCase.Shop(CrashCase.Web("v1")));
        var old = _node.Engine.Containers.Single().Id;
        var thereAtTheStart = -1;
        _node.Engine.On(EngineVerb.Start, _ =>
        {
            thereAtTheStart = _node.Engine.Containers.Count;
            return Task.CompletedTask;
        }, subject: old);
        // Without a restart policy it is as an engine shows a crash-looping one between two runs.
        var bad = CrashCase.Web("bad") with { Restart = "no" };

        Assert.Equal(OperationOutcome.RolledBack, (await _node.DeployAsync(CrashCase.Shop(bad))).Outcome);

        Assert.Equal(1, thereAtTheStart);
        Assert.Equal((old, ContainerState.Running), (_node.Engine.Containers.Single().Id, _node.Engine.Containers.Single().State));
    }

    [Fact]
    public async Task Undo_OfWhatIsInTheWayForAMoment_IsTriedAgain()
    {
        await _node.DeployAsync(CrashCase.Shop(CrashCase.Web("v1")));
        var old = _node.Engine.Containers.Single().Id;
        _node.Engine.Fail(EngineVerb.Start, EngineError.PortTaken, subject: old);

        Assert.Equal(OperationOutcome.RolledBack, (await _node.DeployAsync(CrashCase.Shop(CrashCase.Web("bad")))).Outcome);

        Assert.Equal((old, "shop-web", ContainerState.Running), (_node.Engine.Containers.Single().Id, _node.Engine.Containers.Single().Name, _node.Engine.Containers.Single().State));
        Assert.Empty(_node.Journal.FindOpen());
    }
}
