using Mcp.Agent.Deploy;
using Mcp.Core.Containers;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Testing.Containers;

namespace Mcp.Agent.Tests.Deploy.Crash;

public sealed class RollbackTests : IDisposable
{
    private readonly DeployFixture _node = new();

    public RollbackTests() => CrashCase.AddImages(_node.Engine);

    public void Dispose() => _node.Dispose();

    /// <summary>What crash-loops is up again at any moment, and would take the old one's host ports, or what leads to them when it
    /// goes.</summary>
    [Theory]
    [InlineData("unless-stopped")]
    // As an engine shows a crash-looping one between two runs.
    [InlineData("no")]
    public async Task StopFirst_OfWhatCrashes_RemovesItBeforeTheOldOneStarts(string restart)
    {
        await _node.DeployAsync(CrashCase.Shop(CrashCase.Web("v1")));
        var old = _node.Engine.Containers.Single().Id;
        var thereAtTheStart = -1;
        _node.Engine.On(EngineVerb.Start, _ =>
        {
            thereAtTheStart = _node.Engine.Containers.Count;
            return Task.CompletedTask;
        }, subject: old);
        var bad = CrashCase.Web("bad") with { Restart = restart };

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

        Assert.Equal((old, "shop-web", ContainerState.Running),
            (_node.Engine.Containers.Single().Id, _node.Engine.Containers.Single().Name, _node.Engine.Containers.Single().State));
        Assert.Empty(_node.Journal.FindOpen());
    }

    /// <summary>Whoever asked it to end is gone; it ends when nobody is there to start it again.</summary>
    [Fact]
    public async Task Undo_OfAStopThatIsUnderWay_WaitsForTheEndAndStartsItAgain()
    {
        await _node.DeployAsync(CrashCase.Shop(CrashCase.Web("v1")));
        var old = _node.Engine.Containers.Single();
        var stop = new PlanStep { Index = 0, Component = "web", Action = StepAction.Stop, Container = old.Id,
            Description = "stop shop-web" };

        await new StepUndo(_node.Engine, _node.Table).UndoAsync("shop", "another", stop, default);

        var now = _node.Engine.Containers.Single();
        Assert.Equal((old.Id, ContainerState.Running), (now.Id, now.State));
        Assert.NotEqual(old.StartedAt, now.StartedAt);
        Assert.Equal(
            [EngineVerb.Stop, EngineVerb.Start],
            _node.Engine.Calls.Where(c => c.Subject == old.Id && c.Verb is EngineVerb.Stop or EngineVerb.Start).Select(c => c.Verb)
                .TakeLast(2));
    }

    [Fact]
    public async Task RolledBackLater_SinceTheEngineWasGone_StillTellsWhyItFailed()
    {
        await _node.DeployAsync(CrashCase.Shop(CrashCase.Web("v1")));
        _node.Engine.Fail(EngineVerb.Start, EngineError.Unreachable, subject: _node.Engine.Containers.Single().Id);
        Assert.Equal(OperationOutcome.Failed, (await _node.DeployAsync(CrashCase.Shop(CrashCase.Web("bad")))).Outcome);
        Assert.Single(_node.Journal.FindOpen());

        await _node.Recovery.SettleAsync("shop", default);

        var release = _node.Releases.List("shop")[0].Release;
        Assert.Equal((ReleaseOutcome.RolledBack,
            "container shop-web ended right after its start with exit code 3; the previous version was restored"),
            (release.Outcome, release.Message));
        Assert.Equal(ContainerState.Running, _node.Engine.Containers.Single().State);
    }
}
