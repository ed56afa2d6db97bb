using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Containers.Engine;
using Mcp.Testing;
using Mcp.Testing.Containers;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Core.Tests.Containers.Engine;

/// <summary>What a listing asks the engine, and what it need not ask again.</summary>
public sealed class ListingTests : IAsyncLifetime
{
    private static readonly ValueMap Managed = new([new("managed", "true")]);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _told = new(0);
    private FakeContainerRuntime _engine = null!;
    private FakeEngineServer _server = null!;
    private DockerEngineRuntime _runtime = null!;
    private Task _listening = Task.CompletedTask;

    public static TheoryData<bool> Dialects => [true, false];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        _runtime.Dispose();
        await _server.DisposeAsync();
        _stop.Dispose();
        _told.Dispose();
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task List_NothingChanged_CostsOneCall(bool isPodman)
    {
        await StartAsync(isPodman, listen: true);
        await ListAsync();

        Assert.Equal((1, 0), await CountAsync(ListAsync));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task List_OneChanged_InspectsThatOne(bool isPodman)
    {
        await StartAsync(isPodman, listen: true);
        await ListAsync();
        await _engine.RenameAsync("c1", "renamed", default);

        Assert.Equal((1, 1), await CountAsync(ListAsync));
        Assert.Contains(await _runtime.ListAsync(Managed, default), c => c.Name == "renamed");
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task List_NobodyListensToEvents_InspectsAll(bool isPodman)
    {
        await StartAsync(isPodman, listen: false);
        await ListAsync();

        Assert.Equal((1, 3), await CountAsync(ListAsync));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task List_EventStreamLost_InspectsAll(bool isPodman)
    {
        await StartAsync(isPodman, listen: true);
        await ListAsync();
        _engine.GoDown();
        _engine.ComeBack();
        await _listening;

        Assert.Equal((1, 3), await CountAsync(ListAsync));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task List_StartedJustNow_IsInspectedAgain(bool isPodman)
    {
        await StartAsync(isPodman, listen: true);
        await _engine.StopAsync("c1", TimeSpan.Zero, default);
        await _engine.StartAsync("c1", default);
        await ListAsync();

        Assert.Equal((1, 1), await CountAsync(ListAsync));
    }

    /// <summary>docker says "Up 2 minutes" of what has just been asked about, and again of what was restarted two minutes ago.</summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 3)]
    public async Task List_AfterALongTime_InspectsWhatHasTimesInWords(bool isPodman, int inspections)
    {
        await StartAsync(isPodman, listen: true);
        await ListAsync();
        _time.Advance(TimeSpan.FromSeconds(50));

        Assert.Equal((1, inspections), await CountAsync(ListAsync));
        Assert.Equal((1, 0), await CountAsync(ListAsync));
    }

    /// <summary>The event tells what the row of the list does not.</summary>
    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task List_EventOfContainer_InspectsIt(bool isPodman)
    {
        await StartAsync(isPodman, listen: true);
        await ListAsync();
        await TellAsync("c2");

        Assert.Equal((1, 1), await CountAsync(ListAsync));
        Assert.Equal((1, 0), await CountAsync(ListAsync));
    }

    private async Task StartAsync(bool isPodman, bool listen)
    {
        _engine = new(_time);
        _server = await FakeEngineServer.StartAsync(_engine, _time, isPodman);
        _runtime = new(_server.SocketPath, _time);
        _engine.AddImage("x");
        for (var i = 0; i < 3; i++)
            await _engine.RunAsync(new() { Name = $"c{i}", Image = "x", Labels = Managed }, default);
        if (listen)
        {
            _listening = ListenAsync();
            await TellAsync("c0");
        }
        _time.Advance(TimeSpan.FromMinutes(2));
    }

    /// <summary>Something happens that leaves no trace but its events; returns when they have been read.</summary>
    private async Task TellAsync(string container)
    {
        await Eventually.TrueAsync(
            () => Task.FromResult(_engine.Listeners == 1), TimeSpan.FromSeconds(20), () => "nobody listens to events");
        _engine.Pause(container);
        _engine.Unpause(container);
        Assert.True(await _told.WaitAsync(TimeSpan.FromSeconds(20)), "the event did not arrive");
    }

    private async Task ListenAsync()
    {
        try
        {
            await foreach (var happened in _runtime.EventsAsync(_stop.Token))
                if (happened.Action == "unpause")
                    _told.Release();
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            // The engine went down, or the test is over.
        }
    }

    private Task ListAsync() => _runtime.ListAsync(Managed, default);

    private async Task<(int Lists, int Inspections)> CountAsync(Func<Task> act)
    {
        var before = _engine.Calls.Count;
        await act();
        var calls = _engine.Calls.Skip(before).ToList();
        return (calls.Count(c => c.Verb == EngineVerb.List), calls.Count(c => c.Verb == EngineVerb.Inspect));
    }
}
