using Mcp.Agent.Engine;
using Mcp.Core.Containers;
using Mcp.Testing;
using Mcp.Testing.Containers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Agent.Tests.Engine;

public sealed class NodeEngineTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<NodeEngine> _log = new();
    private readonly FakeContainerRuntime _runtime = new();
    private readonly Owner _owner = new();
    private EngineException? _missing = new(EngineError.Unreachable, "no container engine found", "Install podman.");
    private int _searches;

    [Fact]
    public async Task Start_EngineThere_PassesCallsOn()
    {
        _missing = null;
        await using var engine = Engine();
        await engine.StartAsync(default);

        Assert.Equal(await _runtime.GetInfoAsync(default), await engine.GetInfoAsync(default));
        Assert.Equal(1, _searches);
        Assert.Equal(LogLevel.Information, Assert.Single(_log.Lines).Level);
    }

    [Fact]
    public async Task Start_NoEngine_StartsAndEachCallSaysWhy()
    {
        await using var engine = Engine();
        await engine.StartAsync(default);
        var error = await Assert.ThrowsAsync<EngineException>(() => engine.GetInfoAsync(default));

        Assert.Equal((EngineError.Unreachable, "no container engine found", "Install podman."), (error.Error, error.Message, error.Remedy));
        Assert.Equal(1, _searches);
    }

    [Fact]
    public async Task Call_EngineComesLater_IsFoundAfterTheInterval()
    {
        await using var engine = Engine();
        await engine.StartAsync(default);
        _missing = null;
        await Assert.ThrowsAsync<EngineException>(() => engine.GetInfoAsync(default));

        _time.Advance(NodeEngine.SearchInterval);
        Assert.NotNull(await engine.GetInfoAsync(default));
        Assert.Equal(2, _searches);
    }

    [Fact]
    public async Task Call_EngineStaysAway_IsLoggedOnce()
    {
        await using var engine = Engine();
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<EngineException>(() => engine.GetInfoAsync(default));
            _time.Advance(NodeEngine.SearchInterval);
        }

        Assert.Equal(3, _searches);
        Assert.Contains("Install podman.", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_EndsWhatItOpenedOnceAndIsNotOpenedAgain()
    {
        _missing = null;
        var engine = Engine();
        await engine.StartAsync(default);
        await engine.StopAsync(default);
        await engine.DisposeAsync();

        Assert.Equal(1, _owner.Disposed);
        await Assert.ThrowsAsync<EngineException>(() => engine.GetInfoAsync(default));
        Assert.Equal(1, _searches);
    }

    private NodeEngine Engine() => new(
        _ =>
        {
            _searches++;
            return _missing is null ? Task.FromResult(new OpenEngine(_runtime, "fake", _owner)) : Task.FromException<OpenEngine>(_missing);
        },
        _time,
        _log);

    private sealed class Owner : IAsyncDisposable
    {
        public int Disposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            Disposed++;
            return ValueTask.CompletedTask;
        }
    }
}
