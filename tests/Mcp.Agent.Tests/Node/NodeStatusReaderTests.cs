using Mcp.Agent.Node;
using Mcp.Agent.Tests.Engine;
using Mcp.Core.Containers;
using Mcp.Testing;
using Mcp.Testing.Containers;

namespace Mcp.Agent.Tests.Node;

public sealed class NodeStatusReaderTests : IDisposable
{
    private static readonly AgentIdentity Identity = new("n1", "1.2.3", new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private readonly TempFolder _folder = new();
    private readonly FakeContainerRuntime _engine = new();
    private readonly WatchedTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_EngineAnswers_IsComplete()
    {
        var status = await Reader().ReadAsync(default);
        var engine = await _engine.GetInfoAsync(default);

        Assert.Equal((engine.Name, engine.Version, ""), (status.EngineName, status.EngineVersion, status.EngineError));
        Assert.Equal(("1.2.3", (DateTimeOffset?)Identity.StartedAt), (status.AgentVersion, status.AgentStartedAt));
        Assert.Equal(Environment.MachineName, status.Hostname);
        Assert.InRange(status.MemoryAvailable, 1, status.MemoryTotal);
        Assert.True(status.Uptime > TimeSpan.Zero);
        Assert.NotEmpty(status.Os);
        var disk = Assert.Single(status.Disks, d => d.Purpose == "agent data");
        Assert.InRange(disk.Available, 1, disk.Total);
        if (OperatingSystem.IsLinux())
            Assert.Equal(3, status.Load.Count);
    }

    [Fact]
    public async Task Read_EngineDown_SaysWhyWithARemedyAndTheRestIsThere()
    {
        _engine.GoDown();
        var status = await Reader().ReadAsync(default);

        Assert.Equal("", status.EngineName);
        Assert.Contains("; ", status.EngineError, StringComparison.Ordinal);
        Assert.True(status.MemoryTotal > 0);
    }

    [Fact]
    public async Task Read_EngineTakesLong_TellsWhatItToldBefore()
    {
        var reader = Reader();
        var info = _engine.Block(EngineVerb.Info);
        var first = reader.ReadAsync(default);
        await info.Reached;
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(4));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Contains("is busy", (await first).EngineError, StringComparison.Ordinal);

        Assert.Equal("fake", (await reader.ReadAsync(default)).EngineName);
        _time.Advance(TimeSpan.FromMinutes(2));
        info = _engine.Block(EngineVerb.Info);
        var later = reader.ReadAsync(default);
        await info.Reached;
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(4));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(("fake", ""), ((await later).EngineName, (await later).EngineError));
    }

    [Fact]
    public async Task Read_EngineGoesDownAfterItWasAsked_IsNoticedAtOnce()
    {
        var reader = Reader();
        await reader.ReadAsync(default);
        _engine.GoDown();

        Assert.NotEqual("", (await reader.ReadAsync(default)).EngineError);
    }

    [Fact]
    public void Disks_PathThatIsNotThere_IsNothing() => Assert.Null(Disks.Read(Path.Combine(_folder.Path, "none"), "engine storage"));

    private NodeStatusReader Reader() =>
        new(_engine, Watches.Of(_engine), new CpuSampler(Machine.Cpu, TimeProvider.System), Identity, _folder.Path, _time);
}
