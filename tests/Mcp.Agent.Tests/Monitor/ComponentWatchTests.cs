using Mcp.Agent.Events;
using Mcp.Agent.Monitor;
using Mcp.Core.Status;

namespace Mcp.Agent.Tests.Monitor;

public sealed class ComponentWatchTests
{
    private static readonly MonitorOptions Options = new()
    {
        DriftAfter = TimeSpan.FromSeconds(60),
        FlappingCount = 5,
        FlappingWindow = TimeSpan.FromMinutes(10),
    };

    private readonly ComponentWatch _watch = Watch(ObservedState.Running);
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Observe_SameState_ReportsNothing() => Assert.Empty(See(ObservedState.Running));

    [Fact]
    public void Observe_ChangedState_ReportsItWithTheExitCode()
    {
        var happened = Assert.Single(See(ObservedState.Exited, exitCode: 3));

        Assert.Equal(new AgentEvent(EventKinds.State, "running -> exited (exit code 3)", "shop", "web", "running", "exited"), happened);
    }

    [Fact]
    public void Observe_FirstSightAfterUnknown_IsNoTransition() => Assert.Empty(See(Watch(ObservedState.Unknown), ObservedState.Running));

    [Fact]
    public void Observe_ChangedWhileTheAgentWasAway_IsReported() =>
        Assert.Equal("state", Assert.Single(See(Watch(ObservedState.Exited), ObservedState.Running)).Kind);

    [Theory]
    [InlineData(DesiredState.Running, ObservedState.Running, false)]
    [InlineData(DesiredState.Running, ObservedState.Exited, true)]
    [InlineData(DesiredState.Running, ObservedState.Created, true)]
    [InlineData(DesiredState.Running, ObservedState.Missing, true)]
    [InlineData(DesiredState.Running, ObservedState.Paused, true)]
    [InlineData(DesiredState.Running, ObservedState.Restarting, true)]
    [InlineData(DesiredState.Stopped, ObservedState.Running, true)]
    [InlineData(DesiredState.Stopped, ObservedState.Restarting, true)]
    [InlineData(DesiredState.Stopped, ObservedState.Exited, false)]
    [InlineData(DesiredState.Stopped, ObservedState.Created, false)]
    [InlineData(DesiredState.Stopped, ObservedState.Missing, false)]
    public void Observe_StateForLongerThanDriftAfter_IsDriftWhenNotDesired(DesiredState desired, ObservedState observed, bool drift)
    {
        var watch = Watch(observed);
        watch.Desired = desired;
        See(watch, observed);
        _now += Options.DriftAfter;

        Assert.Equal(drift ? ["drift"] : [], See(watch, observed).Select(e => e.Kind));
    }

    [Fact]
    public void Observe_Difference_IsDriftOnlyAfterTheDelayAndOnce()
    {
        See(ObservedState.Exited, exitCode: 1);
        var since = _now;
        _now += Options.DriftAfter - TimeSpan.FromSeconds(1);
        Assert.Empty(See(ObservedState.Exited, exitCode: 1));
        Assert.Equal((since, null), (_watch.Condition.DiffersSince!.Value, _watch.Condition.DriftSince));
        _now += TimeSpan.FromSeconds(1);

        var drift = Assert.Single(See(ObservedState.Exited, exitCode: 1));

        Assert.Equal("drift", drift.Kind);
        Assert.StartsWith(
            "desired running, observed exited (exit code 1) for 1 min; `mcp start shop/web`", drift.Message, StringComparison.Ordinal);
        Assert.Equal(since, _watch.Condition.DriftSince);
        Assert.Equal("desired running, observed exited (exit code 1)", _watch.Condition.Message);
        _now += TimeSpan.FromHours(1);
        Assert.Empty(See(ObservedState.Exited, exitCode: 1));
    }

    [Fact]
    public void Observe_DesiredAgain_EndsTheDrift()
    {
        Drifting();
        _now += TimeSpan.FromSeconds(75);

        var events = See(ObservedState.Running);

        Assert.Equal(["state", "drift-ended"], events.Select(e => e.Kind));
        Assert.Equal("running, as desired, after 2 min 15 s", events[1].Message);
        Assert.Equal(new ComponentCondition(ObservedState.Running, null, null, false, ""), _watch.Condition);
    }

    [Fact]
    public void Observe_DesireChangedToWhatIs_EndsTheDrift()
    {
        Drifting();
        _watch.Desired = DesiredState.Stopped;

        Assert.Equal(["drift-ended"], See(ObservedState.Exited).Select(e => e.Kind));
    }

    [Fact]
    public void Observe_ThirdCrashInTheWindow_IsFlappingOnce()
    {
        var kinds = Crash(times: 3);

        Assert.Equal(["state", "state", "state", "state", "state", "flapping"], kinds.Select(e => e.Kind));
        Assert.StartsWith("5 starts and ends within 10 min, now exited (exit code 1)", kinds[^1].Message, StringComparison.Ordinal);
        Assert.True(_watch.Condition.Flapping);
    }

    [Fact]
    public void Observe_WhileFlapping_KeepsTransitionsOutOfTheLogAndCountsThem()
    {
        Crash(times: 3);

        Assert.Empty(See(ObservedState.Running));
        Assert.Empty(Crash(times: 10));
    }

    [Fact]
    public void Observe_QuietForAWholeWindow_EndsTheFlapping()
    {
        Crash(times: 3);
        See(ObservedState.Running);
        _now += Options.FlappingWindow;
        Assert.Empty(See(ObservedState.Running));
        _now += TimeSpan.FromSeconds(1);

        var ended = Assert.Single(See(ObservedState.Running));

        Assert.Equal("flapping-ended", ended.Kind);
        Assert.Equal("quiet for 10 min, now running; 1 changes of state in between", ended.Message);
        Assert.False(_watch.Condition.Flapping);
    }

    [Fact]
    public void Observe_CrashesFarApart_AreNotFlapping()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.DoesNotContain(Crash(times: 1), e => e.Kind == "flapping");
            _now += TimeSpan.FromMinutes(6);
            See(ObservedState.Running);
            _now += TimeSpan.FromMinutes(6);
        }
    }

    [Fact]
    public void Observe_ExitedThenRestarting_CountsAsOneEnd()
    {
        for (var i = 0; i < 2; i++)
        {
            See(ObservedState.Exited);
            See(ObservedState.Restarting);
            Assert.DoesNotContain(See(ObservedState.Running), e => e.Kind == "flapping");
        }

        Assert.Contains(See(ObservedState.Exited), e => e.Kind == "flapping");
    }

    [Fact]
    public void OperationEnded_ManyOperations_AreReportedAndAreNoFlapping()
    {
        for (var i = 0; i < 10; i++)
        {
            _watch.OperationEnded();
            Assert.Equal(["state"], See(i % 2 == 0 ? ObservedState.Exited : ObservedState.Running).Select(e => e.Kind));
        }
    }

    [Fact]
    public void OperationEnded_Flapping_EndsIt()
    {
        Crash(times: 3);
        _watch.OperationEnded();

        Assert.Equal(
            "an operation changed it, now running; 1 changes of state in between",
            See(ObservedState.Running).Single(e => e.Kind == "flapping-ended").Message);
    }

    [Fact]
    public void OperationEnded_StillDifferent_CountsDriftFromThen()
    {
        See(ObservedState.Exited);
        _now += TimeSpan.FromSeconds(59);
        _watch.OperationEnded();
        See(ObservedState.Exited);
        _now += TimeSpan.FromSeconds(59);

        Assert.Empty(See(ObservedState.Exited));
    }

    [Fact]
    public void EngineLost_Drifting_IsNotClaimedUntilItIsSeenAgain()
    {
        Drifting();

        _watch.EngineLost();
        Assert.Equal(
            (ObservedState.Unknown, null, null), (_watch.Condition.Observed, _watch.Condition.DiffersSince, _watch.Condition.DriftSince));

        Assert.Empty(See(ObservedState.Exited));
        Assert.NotNull(_watch.Condition.DriftSince);
    }

    [Fact]
    public void EngineLost_BeforeDrift_CountsFromTheReturn()
    {
        See(ObservedState.Exited);
        _watch.EngineLost();
        _now += TimeSpan.FromHours(1);

        Assert.Empty(See(ObservedState.Exited));
    }

    private void Drifting()
    {
        See(ObservedState.Exited);
        _now += Options.DriftAfter;
        Assert.Equal(["drift"], See(ObservedState.Exited).Select(e => e.Kind));
    }

    private List<AgentEvent> Crash(int times)
    {
        var events = new List<AgentEvent>();
        for (var i = 0; i < times; i++)
        {
            if (i > 0)
                events.AddRange(See(ObservedState.Running));
            events.AddRange(See(ObservedState.Exited, exitCode: 1));
        }
        return events;
    }

    private IReadOnlyList<AgentEvent> See(ObservedState state, int? exitCode = null) =>
        _watch.Observe(new(state, _now, "id", exitCode), _now);

    private IReadOnlyList<AgentEvent> See(ComponentWatch watch, ObservedState state) => watch.Observe(new(state, _now, "id"), _now);

    private static ComponentWatch Watch(ObservedState before) => new("shop", "web", new(before, DateTimeOffset.UnixEpoch), Options);
}
