using Mcp.Agent.Deploy.Health;
using Mcp.Core.Definitions;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Agent.Tests.Deploy.Health;

public sealed class ProbePaceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly long _began;

    public ProbePaceTests() => _began = _time.GetTimestamp();

    [Fact]
    public void QuickAnswers_AreAskedAfterMillisecondsAndThenOnceInAnInterval()
    {
        var pauses = Ask(new() { StartPeriod = TimeSpan.FromSeconds(30) }, takes: TimeSpan.Zero, times: 10);

        Assert.Equal([10, 20, 40, 80, 160, 320, 370, 1000, 1000, 1000], pauses.Select(p => p!.Value.TotalMilliseconds));
    }

    /// <summary>The failures at 0, 1 and 2 s count, as without the questions in between.</summary>
    [Fact]
    public void QuickBadAnswers_AreEnoughAfterAsManyIntervalsAsRetries()
    {
        var pauses = Ask(new() { StartPeriod = TimeSpan.Zero, Retries = 3 }, takes: TimeSpan.Zero, times: 9);

        Assert.Null(pauses[^1]);
        Assert.DoesNotContain(null, pauses.SkipLast(1));
        Assert.Equal(TimeSpan.FromSeconds(2), _time.GetElapsedTime(_began));
    }

    /// <summary>Asking takes 5 s, so each answer counts, and an interval lies between one and the next.</summary>
    [Fact]
    public void SlowAnswers_AreNotAskedMoreOftenThanOnceInAnInterval()
    {
        var pauses = Ask(new() { StartPeriod = TimeSpan.Zero, Retries = 3 }, takes: TimeSpan.FromSeconds(5), times: 3);

        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), null], pauses);
    }

    /// <summary>A command in a container that takes 150 ms keeps the engine busy for at most half of the time.</summary>
    [Fact]
    public void AnswersThatTakeAWhile_AreAskedAfterAsLongAWhile()
    {
        var pauses = Ask(new(), takes: TimeSpan.FromMilliseconds(150), times: 3);

        Assert.All(pauses, p => Assert.True(p >= TimeSpan.FromMilliseconds(150)));
    }

    [Fact]
    public void IntervalShorterThanTheFirstPause_Holds()
    {
        var pauses = Ask(new() { Interval = TimeSpan.FromMilliseconds(5) }, takes: TimeSpan.Zero, times: 3);

        Assert.All(pauses, p => Assert.Equal(TimeSpan.FromMilliseconds(5), p));
    }

    private List<TimeSpan?> Ask(HealthDefinition health, TimeSpan takes, int times)
    {
        var pace = new ProbePace(health, _time);
        var pauses = new List<TimeSpan?>();
        for (var turn = 0; turn < times; turn++)
        {
            var asked = _time.GetTimestamp();
            _time.Advance(takes);
            var (_, pause) = pace.After(_time.GetElapsedTime(_began), asked);
            pauses.Add(pause);
            _time.Advance(pause ?? TimeSpan.Zero);
        }
        return pauses;
    }
}
