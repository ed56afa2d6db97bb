using Mcp.Agent.Node;
using Mcp.Testing;

namespace Mcp.Agent.Tests.Node;

public sealed class CpuSamplerTests
{
    [Fact]
    public void Percent_AfterSamples_IsTheShareBetweenTheLastTwoThatCouldBeRead()
    {
        CpuTimes? reading = new(10, 100);
        using var sampler = new CpuSampler(() => reading, new WatchedTimeProvider());
        Assert.Equal(10, sampler.Percent);

        sampler.Sample();
        reading = new(60, 200);
        sampler.Sample();
        Assert.Equal(50, sampler.Percent);

        reading = null;
        sampler.Sample();
        Assert.Equal(50, sampler.Percent);

        reading = new(160, 300);
        sampler.Sample();
        Assert.Equal(100, sampler.Percent);
    }

    [Fact]
    public async Task Execute_OverTime_SamplesSoonAndThenAtTheInterval()
    {
        var time = new WatchedTimeProvider();
        using var taken = new SemaphoreSlim(0);
        using var sampler = new CpuSampler(
            () =>
            {
                taken.Release();
                return null;
            },
            time);

        await sampler.StartAsync(default);
        await NextAsync();
        foreach (var interval in new[] { CpuSampler.FirstInterval, CpuSampler.Interval, CpuSampler.Interval })
        {
            await time.WaitForTimerAsync();
            time.Advance(interval);
            await NextAsync();
        }
        await sampler.StopAsync(default);

        async Task NextAsync() => Assert.True(await taken.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Percent_WhereTheSystemDoesNotTell_IsZero()
    {
        using var sampler = new CpuSampler(() => null, new WatchedTimeProvider());
        Assert.Equal(0, sampler.Percent);
    }
}
