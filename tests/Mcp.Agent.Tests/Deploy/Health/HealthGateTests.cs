using Mcp.Agent.Deploy;
using Mcp.Agent.Deploy.Health;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;
using Mcp.Testing;
using Mcp.Testing.Containers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcp.Agent.Tests.Deploy.Health;

public sealed class HealthGateTests
{
    private readonly WatchedTimeProvider _time = new();
    private readonly FakeContainerRuntime _engine;

    public HealthGateTests()
    {
        _engine = new(_time);
        _engine.AddImage("web", new FakeImage { Start = _ => new FakeRun { Output = [(false, "listening"), (true, "no database")] } });
    }

    [Fact]
    public async Task Wait_AnswersWellAtOnce_WaitsNoLonger()
    {
        var seen = await WaitAsync(new() { Tcp = true }, new ScriptedProbe(true));

        Assert.Equal("are you well? yes (1); up for 0 s", seen);
    }

    [Fact]
    public async Task Wait_FailuresInTheStartPeriod_DoNotCount()
    {
        var probe = new ScriptedProbe([.. Enumerable.Repeat<bool?>(false, 11), true]);
        var waiting = WaitAsync(new() { Tcp = true, Retries = 1, StartPeriod = TimeSpan.FromSeconds(5),
            Interval = TimeSpan.FromSeconds(1) }, probe);

        await PassFirstSecondAsync();
        await PassAsync(TimeSpan.FromSeconds(1), times: 4);

        Assert.Equal("are you well? yes (12); up for 5 s", await waiting);
    }

    [Fact]
    public async Task Wait_NeverWell_IsRefusedAfterStartPeriodAndRetriesWithAnswerAndLog()
    {
        var probe = new ScriptedProbe(false);
        var waiting = WaitAsync(new() { Tcp = true, Retries = 3, StartPeriod = TimeSpan.FromSeconds(2),
            Interval = TimeSpan.FromSeconds(1) }, probe);

        await PassFirstSecondAsync();
        await PassAsync(TimeSpan.FromSeconds(1), times: 3);

        var error = await Assert.ThrowsAsync<AgentException>(() => waiting);
        Assert.Equal("unhealthy", error.Id);
        Assert.Equal(
            "container web runs, but is not healthy after 4 s; the last answer: are you well? no (11); its last lines:\n  listening\n"
            + "  no database",
            error.Message);
        Assert.Contains("start_period", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_NoAnswer_IsOverAfterTheTimeout()
    {
        var waiting = WaitAsync(new() { Tcp = true, Retries = 1, StartPeriod = TimeSpan.Zero, Timeout = TimeSpan.FromSeconds(2) },
            new ScriptedProbe((bool?)null));

        await PassAsync(TimeSpan.FromSeconds(2));

        var error = await Assert.ThrowsAsync<AgentException>(() => waiting);
        Assert.Contains("the last answer: are you well?: no answer within 2s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_ContainerEndsWhileItIsAsked_IsRefusedAtOnceWithTheAnswerBefore()
    {
        var probe = new ScriptedProbe(false, null);
        var waiting = WaitAsync(new() { Tcp = true }, probe);
        await PassAsync(TimeSpan.FromMilliseconds(10));
        await Eventually.TrueAsync(() => Task.FromResult(probe.Asked == 2 && _engine.Listeners == 1), TimeSpan.FromSeconds(10), () =>
            $"asked {probe.Asked} times");

        _engine.Exit("web", 7);

        var error = await Assert.ThrowsAsync<AgentException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(AgentError.ContainerFailed, error.Error);
        Assert.StartsWith(
            "container web ended right after its start with exit code 7; the last answer: are you well? no (1); its last lines:",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_WithoutProbe_TakesAsLongAsItMustStayUp()
    {
        var waiting = WaitAsync(new());
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(3));
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(waiting.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal("up for 3 s", await waiting);
    }

    [Fact]
    public async Task Wait_StayUpBesideAProbe_IsWaitedForToo()
    {
        var waiting = WaitAsync(new() { Tcp = true, StayUp = TimeSpan.FromSeconds(10) }, new ScriptedProbe(true));
        await PassAsync(TimeSpan.FromSeconds(10));

        Assert.Equal("are you well? yes (1); up for 10 s", await waiting);
    }

    [Fact]
    public async Task Wait_EventsLost_StillSeesTheEnd()
    {
        _engine.Fail(EngineVerb.Events);
        var waiting = WaitAsync(new());
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(3));
        _engine.Exit("web", 1);

        await PassAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(AgentError.ContainerFailed, (await Assert.ThrowsAsync<AgentException>(() => waiting)).Error);
    }

    [Fact]
    public async Task Wait_EngineHangsOverTheLog_RefusesWithoutIt()
    {
        var log = _engine.Block(EngineVerb.Logs);
        var waiting = WaitAsync(new() { Tcp = true, Retries = 1, StartPeriod = TimeSpan.Zero }, new ScriptedProbe(false));
        await log.Reached;

        await PassAsync(TimeSpan.FromSeconds(5));

        Assert.EndsWith("(its log could not be read: the engine gave no answer within 5s)",
            (await Assert.ThrowsAsync<AgentException>(() => waiting)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_Cancelled_IsLeft()
    {
        using var leave = new CancellationTokenSource();
        var waiting = WaitAsync(new() { Tcp = true }, leave.Token, new ScriptedProbe((bool?)null));

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Wait_Exec_AsksInTheContainer()
    {
        var ready = false;
        _engine.AddImage("db", new FakeImage { Start = _ =>
            new FakeRun { Exec = c => new ExecResult(ready ? 0 : 2, $"{string.Join('+', c)}\nnot  yet") } });
        var waiting = RunAsync("db", new() { Exec = ["pg_isready", "-q"] });
        await _time.WaitForTimerAsync(TimeSpan.FromMilliseconds(10));
        ready = true;

        await PassAsync(TimeSpan.FromMilliseconds(10));

        Assert.StartsWith("`pg_isready` ended with exit code 0: pg_isready+-q not yet; up for", await waiting, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_ImagesOwnCheck_IsRunHereUnlessItIsPassedOver()
    {
        _engine.AddImage("sick", new FakeImage { HealthCheck = ["/check"], Start = _ =>
            new FakeRun { Exec = _ => new ExecResult(1, "sick") } });
        var waiting = RunAsync("sick", new() { StartPeriod = TimeSpan.Zero, Retries = 1, StayUp = TimeSpan.Zero });

        var error = await Assert.ThrowsAsync<AgentException>(() => waiting);

        Assert.Contains("the last answer: the image's health check `/check` ended with exit code 1: sick", error.Message,
            StringComparison.Ordinal);
        await _engine.RemoveAsync("sick", default);
        Assert.StartsWith("up for", await RunAsync("sick", new() { Image = false, StayUp = TimeSpan.Zero }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_ImageWithoutCheckThatMustHaveOne_SaysSo()
    {
        var error = await Assert.ThrowsAsync<AgentException>(() => RunAsync("web", new() { Image = true }));

        Assert.Contains("has no HEALTHCHECK", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_NothingToWaitFor_IsOneLook()
    {
        await RunAsync("web", new() { StayUp = TimeSpan.Zero }, (_, _) => [], CancellationToken.None);

        Assert.Single(_engine.Calls, c => c.Verb is EngineVerb.Inspect or EngineVerb.Events or EngineVerb.List);
    }

    [Fact]
    public async Task Wait_ForManyAtOnce_ListensOnce()
    {
        var events = new SharedEvents(_engine, NullLogger<SharedEvents>.Instance);
        var gate = new HealthGate(_engine, events, (_, _) => [], new DeployOptions(), _time, NullLogger<HealthGate>.Instance);
        var names = Enumerable.Range(0, 20).Select(i => $"web{i}").ToList();
        foreach (var name in names)
            await _engine.RunAsync(new ContainerSpec { Name = name, Image = "web", RestartPolicy = "no" }, CancellationToken.None);

        var ends = gate.WaitAsync("web7", new HealthCheck(new(), []), CancellationToken.None);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(3));
        var others = Task.WhenAll(names.Where(n => n != "web7")
            .Select(n => gate.WaitAsync(n, new HealthCheck(new(), []), CancellationToken.None)));
        await Eventually.TrueAsync(
            () => Task.FromResult(_engine.Calls.Count(c => c.Verb == EngineVerb.Inspect) == names.Count), TimeSpan.FromSeconds(20),
            () => "not all are looked at");
        _engine.Exit("web7", 7);

        await Assert.ThrowsAsync<AgentException>(() => ends.WaitAsync(TimeSpan.FromSeconds(20)));
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(others.IsCompleted);
        }, TimeSpan.FromSeconds(20), () => "some are still waited for");
        await others;
        Assert.Single(_engine.Calls, c => c.Verb == EngineVerb.Events);
        Assert.Equal(0, _engine.Listeners);
    }

    private Task<string> WaitAsync(HealthDefinition health, params IHealthProbe[] probes) =>
        WaitAsync(health, CancellationToken.None, probes);

    private Task<string> WaitAsync(HealthDefinition health, CancellationToken cancellationToken, params IHealthProbe[] probes) =>
        RunAsync("web", health, (_, _) => probes, cancellationToken);

    private Task<string> RunAsync(string image, HealthDefinition health) =>
        RunAsync(image, health, new HealthProbes(_engine, _time).For, CancellationToken.None);

    private async Task<string> RunAsync(string image, HealthDefinition health, ProbeSource probes, CancellationToken cancellationToken)
    {
        await _engine.RunAsync(new ContainerSpec { Name = image, Image = image, RestartPolicy = "no" }, CancellationToken.None);
        var events = new SharedEvents(_engine, NullLogger<SharedEvents>.Instance);
        var gate = new HealthGate(_engine, events, probes, new DeployOptions(), _time, NullLogger<HealthGate>.Instance);
        return (await gate.WaitAsync(image, new HealthCheck(health, []), cancellationToken)).Text;
    }

    /// <summary>The pauses of the first interval, when it is one of a second.</summary>
    private async Task PassFirstSecondAsync()
    {
        foreach (var pause in (int[])[10, 20, 40, 80, 160, 320, 370])
            await PassAsync(TimeSpan.FromMilliseconds(pause));
    }

    /// <summary>Lets a length of time pass whenever the gate has come to wait for just that: never before, so that no probe meets its limit
    /// while it answers.</summary>
    private async Task PassAsync(TimeSpan each, int times = 1)
    {
        for (var turn = 0; turn < times; turn++)
        {
            await _time.WaitForTimerAsync(each);
            _time.Advance(each);
        }
    }
}
