using Mcp.Agent.Engine;
using Mcp.Agent.Monitor;
using Mcp.Agent.Tests.Deploy;
using Mcp.Core.Containers;
using Mcp.Core.Planning;
using Mcp.Core.Status;
using Mcp.Testing.Containers;

namespace Mcp.Agent.Tests.Monitor;

public sealed class NodeWatchTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly NodeWatchFixture _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Sweep_AllAsDesired_StoresNothing()
    {
        await _node.DeployAsync("app");

        await _node.SweepAsync();

        Assert.Empty(_node.Kinds);
        Assert.Equal(ObservedState.Running, _node.State.Of("app", "app").Observed);
    }

    [Fact]
    public async Task Sweep_ManyComponents_AsksTheEngineOnce()
    {
        for (var i = 0; i < 5; i++)
            await _node.DeployAsync($"app{i}");
        var before = _node.Engine.Calls.Count;

        await _node.SweepAsync();

        Assert.Equal([EngineVerb.List], _node.Engine.Calls.Skip(before).Select(c => c.Verb));
    }

    /// <summary>As podman lists them in the moment in which an operation renames them.</summary>
    [Fact]
    public async Task CurrentByComponent_TwoContainersOfOneName_TakesOne()
    {
        await _node.DeployAsync("app");
        var running = Assert.Single(await _node.Engine.ListAsync(new Dictionary<string, string>(), default));

        var current = NodeWatch.CurrentByComponent([running, running with { Id = "another" }]);

        Assert.Equal(running, Assert.Single(current).Value);
    }

    [Fact]
    public async Task Sweep_ContainerEnded_StoresTheTransitionAndThenTheDrift()
    {
        await _node.DeployAsync("app");
        await _node.SweepAsync();
        _node.Engine.Exit("app", 7);

        await _node.SweepAsync();
        await _node.SweepAfterAsync(Minute);

        Assert.Equal(["state", "drift"], _node.Kinds);
        var state = _node.Events.Query(new()).First();
        Assert.Equal(
            ("app", "app", "running", "exited", "running -> exited (exit code 7)"),
            (state.Service, state.Component, state.From, state.To, state.Message));
        Assert.Equal(ObservedState.Exited, _node.Observed("app"));
        Assert.NotNull(_node.State.Of("app", "app").DriftSince);
    }

    [Fact]
    public async Task Sweep_ContainerRemovedByHand_IsMissing()
    {
        await _node.DeployAsync("app");
        await _node.SweepAsync();
        await _node.Engine.RemoveAsync("app", CancellationToken.None);

        await _node.SweepAsync();

        Assert.Equal((ObservedState.Missing, null), (_node.Observed("app"), _node.Stored("app").ContainerId));
        Assert.Equal(["state"], _node.Kinds);
    }

    [Fact]
    public async Task Sweep_OlderContainerOfTheComponentUnderAnotherName_IsIgnored()
    {
        await _node.DeployAsync("app");
        await _node.RunAsync("app", "app-previous");
        await _node.Engine.StopAsync("app-previous", TimeSpan.Zero, CancellationToken.None);

        await _node.SweepAsync();

        Assert.Empty(_node.Kinds);
    }

    [Fact]
    public async Task Sweep_EngineDown_IsOneEventForTheNodeAndClaimsNoDrift()
    {
        await _node.DeployAsync("one");
        await _node.DeployAsync("two");
        await _node.SweepAsync();
        _node.Engine.GoDown();

        await _node.SweepAsync();
        await _node.SweepAfterAsync(Minute * 5);

        var lost = Assert.Single(_node.Events.Query(new()));
        Assert.Equal(("engine-lost", "", ""), (lost.Kind, lost.Service, lost.Component));
        Assert.Contains("the engine does not answer", lost.Message, StringComparison.Ordinal);
        Assert.Equal(ObservedState.Unknown, _node.Observed("one"));
        Assert.Equal(ObservedState.Unknown, _node.State.Of("two", "two").Observed);
        Assert.NotNull(_node.State.EngineError);
    }

    [Fact]
    public async Task Sweep_EngineBack_SaysSoAndReportsWhatChangedMeanwhile()
    {
        await _node.DeployAsync("one");
        await _node.DeployAsync("two");
        await _node.SweepAsync();
        _node.Engine.GoDown();
        await _node.SweepAsync();
        _node.Engine.Exit("two", 1);
        _node.Engine.ComeBack();

        await _node.SweepAsync();

        Assert.Equal(["engine-lost", "engine-back", "state"], _node.Kinds);
        Assert.Equal((ObservedState.Running, ObservedState.Exited), (_node.Observed("one"), _node.Observed("two")));
        Assert.Null(_node.State.EngineError);
    }

    [Fact]
    public async Task Sweep_EngineThatHangs_CountsAsLost()
    {
        await _node.DeployAsync("app");
        var (list, ping) = (_node.Engine.Block(EngineVerb.List), _node.Engine.Block(EngineVerb.Info));

        var sweep = _node.SweepAsync();
        await list.Reached;
        _node.Time.Advance(EngineWatch.Soon);
        await ping.Reached;
        _node.Time.Advance(EngineWatch.Patience);
        await sweep;

        Assert.Contains(
            "its container engine does not, since", Assert.Single(_node.Events.Query(new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_OperationUnderWay_LeavesTheServiceAlone()
    {
        await _node.DeployAsync("app");
        await _node.SweepAsync();
        using (_node.Busy.Enter("app"))
        {
            await _node.Engine.StopAsync("app", TimeSpan.Zero, CancellationToken.None);
            await _node.SweepAfterAsync(Minute * 5);
            Assert.Empty(_node.Kinds);
        }
        _node.Registry.Store.SetDesired("app", null, DesiredState.Stopped);

        _node.Watch.OperationEnded("app");
        await _node.SweepAfterAsync(Minute * 5);

        Assert.Equal(["state"], _node.Kinds);
    }

    [Fact]
    public async Task Sweep_ListOlderThanTheOperationsEnd_IsNotBelieved()
    {
        await _node.DeployAsync("app");
        await _node.SweepAsync();
        await _node.Engine.StopAsync("app", TimeSpan.Zero, CancellationToken.None);
        // The engine answers; before the answer is looked at, an operation starts the container and ends.
        _node.Engine.On(EngineVerb.List, async token =>
        {
            using (_node.Busy.Enter("app"))
            {
                _node.Time.Advance(TimeSpan.FromSeconds(1));
                await _node.Engine.StartAsync("app", token);
            }
        }, FaultPoint.After);

        await _node.SweepAsync();

        Assert.Empty(_node.Kinds);
    }

    [Fact]
    public async Task Sweep_ServiceUndeployed_IsForgotten()
    {
        await _node.DeployAsync("app");
        await _node.SweepAsync();
        await _node.Engine.RemoveAsync("app", CancellationToken.None);
        _node.Registry.Store.Remove("app");

        await _node.SweepAfterAsync(Minute * 5);

        Assert.Empty(_node.Kinds);
        Assert.Equal(ObservedState.Unknown, _node.State.Of("app", "app").Observed);
    }

    [Fact]
    public async Task Sweep_Unchanged_WritesNothing()
    {
        await _node.DeployAsync("app");
        await _node.SweepAsync();
        var before = _node.Stored("app");

        await _node.SweepAfterAsync(Minute);

        Assert.Equal(before, _node.Stored("app"));
    }

    [Fact]
    public async Task Happened_CrashBetweenTwoSweeps_IsSeenByItsEvents()
    {
        await _node.DeployAsync("app", restart: "always");
        await _node.SweepAsync();
        await using var events = _node.Engine.EventsAsync(CancellationToken.None).GetAsyncEnumerator();
        var next = events.MoveNextAsync();
        for (var i = 0; i < 3; i++)
        {
            _node.Engine.Exit("app", 1);
            _node.Time.Advance(Minute);
        }

        while (_node.Kinds.LastOrDefault() != "flapping")
        {
            Assert.True(await next.AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
            _node.Watch.Happened(events.Current);
            next = events.MoveNextAsync();
        }

        Assert.Equal(5, _node.Kinds.Count(k => k == "state"));
        Assert.True(_node.State.Of("app", "app").Flapping);
        Assert.Equal(ObservedState.Exited, _node.Observed("app"));
        // The third restart is still in the stream.
        _ = next.AsTask();
    }

    [Fact]
    public async Task Happened_EventOfAnOperationThatArrivesLate_IsIgnored()
    {
        await _node.DeployAsync("app");
        await _node.SweepAsync();
        var died = Event("die", exitCode: 143);
        using (_node.Busy.Enter("app"))
            _node.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(_node.Watch.Happened(died));

        Assert.Empty(_node.Kinds);
    }

    [Theory]
    [InlineData("remove", true)]
    [InlineData("exec_start", false)]
    [InlineData("stop", false)]
    public async Task Happened_EventWithoutAState_AsksForASweepWhenItMatters(string action, bool sweep)
    {
        await _node.DeployAsync("app");
        await _node.SweepAsync();

        Assert.Equal(sweep, _node.Watch.Happened(Event(action)));
    }

    [Fact]
    public async Task Happened_ContainerNotSeenBefore_AsksForASweepOnlyWhenItsOwn()
    {
        await _node.DeployAsync("app");
        await _node.SweepAsync();
        Dictionary<string, string> Of(string agent) => new() { [ContainerLabels.Managed] = "true", [ContainerLabels.Agent] = agent };

        Assert.True(_node.Watch.Happened(new(_node.Time.GetUtcNow(), "start", "new-id", "x", null, Of(DeployFixture.Agent.Id))));
        Assert.False(_node.Watch.Happened(new(_node.Time.GetUtcNow(), "start", "new-id", "x", null, Of("ba9876543210"))));
        Assert.False(_node.Watch.Happened(new(_node.Time.GetUtcNow(), "start", "new-id", "x", null, new Dictionary<string, string>())));
        Assert.Empty(_node.Kinds);
    }

    private ContainerEvent Event(string action, int? exitCode = null) =>
        new(_node.Time.GetUtcNow(), action, _node.Stored("app").ContainerId!, "app", exitCode, new Dictionary<string, string>());
}
