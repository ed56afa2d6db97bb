using Mcp.Agent.Engine;
using Mcp.Agent.Tests.Registry;
using Mcp.Core.Containers;
using Mcp.Testing;
using Mcp.Testing.Containers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcp.Agent.Tests.Engine;

public sealed class EngineWatchTests : IDisposable
{
    private readonly WatchedTimeProvider _time = new();
    private readonly FakeContainerRuntime _engine = new();
    private readonly RegistryFixture _registry = new();

    public void Dispose() => _registry.Dispose();

    [Fact]
    public async Task Prompt_EngineHangs_SaysSinceWhenWithinFourSeconds()
    {
        var (list, ping) = (_engine.Block(EngineVerb.List), _engine.Block(EngineVerb.Info));
        var watch = Watches.Of(_engine, _time);

        _time.SetUtcNow(new(2026, 1, 1, 17, 5, 12, TimeSpan.Zero));
        var asked = watch.PromptAsync(ListAsync, default);
        await list.Reached;
        await PassAsync(EngineWatch.Soon);
        await ping.Reached;
        await PassAsync(EngineWatch.Patience);

        var error = await Assert.ThrowsAsync<EngineException>(() => asked.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(EngineError.Unreachable, error.Error);
        Assert.Equal("the agent answers, but its container engine does not, since 17:05:13 UTC", error.Message);
        // The next caller is told at once.
        await Assert.ThrowsAsync<EngineException>(() => watch.PromptAsync(ListAsync, default));
    }

    [Fact]
    public async Task Prompt_EngineIsBusy_IsWaitedFor()
    {
        var list = _engine.Block(EngineVerb.List);
        var watch = Watches.Of(_engine, _time);

        var asked = watch.PromptAsync(ListAsync, default);
        await list.Reached;
        foreach (var pause in (int[])[1, 2, 4, 8, 10, 10])
            await PassAsync(TimeSpan.FromSeconds(pause));
        Assert.False(asked.IsCompleted);
        list.Release();

        Assert.Empty(await asked.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Prompt_OfAQuietStream_EndsWhenTheEngineHangs()
    {
        var watch = Watches.Of(_engine, _time);
        await using var items = watch.PromptAsync(Quiet, default).GetAsyncEnumerator();
        var next = items.MoveNextAsync().AsTask();
        foreach (var pause in (int[])[1, 2, 4, 8])
            await PassAsync(TimeSpan.FromSeconds(pause));
        Assert.False(next.IsCompleted);
        var ping = _engine.Block(EngineVerb.Info);
        await PassAsync(EngineWatch.Pause);
        await ping.Reached;
        await PassAsync(EngineWatch.Patience);

        await Assert.ThrowsAsync<EngineException>(() => next.WaitAsync(TimeSpan.FromSeconds(20)));

        static async IAsyncEnumerable<int> Quiet([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            await Task.Delay(Timeout.Infinite, token);
            yield return 1;
        }
    }

    [Fact]
    public async Task Prompt_CallerLeaves_IsCancelled()
    {
        var list = _engine.Block(EngineVerb.List);
        using var leave = new CancellationTokenSource();

        var asked = Watches.Of(_engine, _time).PromptAsync(ListAsync, leave.Token);
        await list.Reached;
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Watch_EngineHangsForHalfAMinute_RestartsItOnceAndNoticesThatItAnswers()
    {
        var restarts = 0;
        using var watch = new EngineWatch(_engine, _ =>
        {
            restarts++;
            return Task.FromResult(true);
        }, new(_registry.Database, new(), _time), _time, NullLogger<EngineWatch>.Instance);
        var hung = true;
        _engine.On(EngineVerb.Info, token => hung ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask, times: 1000);

        await watch.StartAsync(default);
        await PassAsync(EngineWatch.Pause);
        await PassAsync(EngineWatch.Patience);
        // Each round takes 4 s.
        for (var round = 0; round < 9; round++)
        {
            await PassAsync(EngineWatch.Soon);
            await PassAsync(EngineWatch.Patience);
        }
        await _time.WaitForTimerAsync(EngineWatch.Soon);
        await Assert.ThrowsAsync<EngineException>(() => watch.PromptAsync(ListAsync, default));

        hung = false;
        await PassAsync(EngineWatch.Soon);
        await _time.WaitForTimerAsync(EngineWatch.Pause);
        Assert.Empty(await watch.PromptAsync(ListAsync, default));
        await watch.StopAsync(default);

        Assert.Equal(1, restarts);
        Assert.Equal("engine-restarted", Assert.Single(new Mcp.Agent.Events.EventLog(_registry.Database, new(), _time).Query(new())).Kind);
    }

    private async Task PassAsync(TimeSpan pause)
    {
        await _time.WaitForTimerAsync(pause);
        _time.Advance(pause);
    }

    private Task<IReadOnlyList<ContainerInfo>> ListAsync(CancellationToken cancellationToken) =>
        _engine.ListAsync(new Dictionary<string, string>(), cancellationToken);
}
