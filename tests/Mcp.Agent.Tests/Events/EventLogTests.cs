using Mcp.Agent.Events;
using Mcp.Agent.Registry;
using Mcp.Agent.Tests.Registry;
using Mcp.Core.Status;
using Mcp.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Agent.Tests.Events;

public sealed class EventLogTests : IDisposable
{
    private readonly RegistryFixture _registry = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _registry.Dispose();

    [Fact]
    public void Append_Event_IsStoredAsReturned()
    {
        var log = Log();

        var entry = log.Append(new(EventKinds.State, "exit code 1", "shop", "web", "running", "exited", "kim"));

        Assert.Equal(new EventEntry(1, _time.GetUtcNow(), "shop", "web", "state", "running", "exited", "exit code 1", "kim"), entry);
        Assert.Equal([entry], log.Query(new()));
    }

    [Fact]
    public void Query_ServiceSinceAndTail_NarrowIt()
    {
        var log = Log();
        foreach (var service in (string[])["a", "b", "a", "b", "a"])
        {
            log.Append(new(EventKinds.Deployed, "", service));
            _time.Advance(TimeSpan.FromMinutes(1));
        }
        var third = _time.GetUtcNow() - TimeSpan.FromMinutes(3);

        Assert.Equal([1, 3, 5], Ids(log, new("a")));
        Assert.Equal([3, 4, 5], Ids(log, new(Since: third)));
        Assert.Equal([4, 5], Ids(log, new(Tail: 2)));
        Assert.Equal([5], Ids(log, new("a", third, 1)));
        Assert.Equal([], Ids(log, new("nobody")));
        Assert.Equal([], Ids(log, new(Tail: 0)));
    }

    [Fact]
    public void Query_PatternsAndTail_CountsOnlyWhatMatches()
    {
        var log = Log();
        log.Append(new(EventKinds.Deployed, "", "shop"));
        log.Append(new(EventKinds.State, "", "shop", "web", "running", "exited"));
        log.Append(new(EventKinds.Deployed, "", "blog"));
        log.Append(new(EventKinds.State, "", "blog", "db", "running", "exited"));
        log.Append(new(EventKinds.Stopped, "", "stats"));

        Assert.Equal([3], Ids(log, new(Tail: 1) { Kinds = ["DEPL*"] }));
        Assert.Equal([2, 5], Ids(log, new() { Services = ["s*"], Kinds = ["state", "stop*"] }));
        Assert.Equal([4], Ids(log, new(Tail: 1) { Components = ["?b", "web"] }));
        Assert.Equal([], Ids(log, new() { Services = ["sho"] }));
    }

    /// <summary>More than the log reads at once, of which every second one is another service's.</summary>
    [Fact]
    public void Query_ManyEvents_ComeCompleteAndInOrder()
    {
        var log = Log();
        _registry.Database.Write(connection => connection.Execute(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2600)
            INSERT INTO events (at, service, component, kind, from_state, to_state, message, actor)
            SELECT printf('2026-01-01T00:%02d:%02d.0000000Z', i / 60, i % 60), iif(i % 2, 'Odd', 'even'), '', 'state', '', '', '', '' FROM n
            """));
        var minute = new DateTimeOffset(2026, 1, 1, 0, 10, 0, TimeSpan.Zero);

        Assert.Equal(Range(1, 2600, 1), Ids(log, new()));
        Assert.Equal(Range(1, 2600, 2), Ids(log, new("Odd")));
        Assert.Equal(Range(2, 2600, 2), Ids(log, new() { Services = ["ev*"] }));
        Assert.Equal(Range(600, 2600, 1), Ids(log, new(Since: minute)));
        Assert.Equal(Range(600, 2600, 2), Ids(log, new("even", minute)));
        Assert.Equal(Range(1001, 2600, 1), Ids(log, new(Tail: 1600)));
        Assert.Equal(Range(1201, 2600, 2), Ids(log, new(Tail: 700) { Services = ["o?d"], Kinds = ["STATE"] }));
        Assert.Equal([2600], Ids(log, new("even", minute, 1)));
        Assert.Equal([], Ids(log, new() { Services = ["*x*"] }));

        static IEnumerable<long> Range(int first, int last, int step) =>
            Enumerable.Range(0, ((last - first) / step) + 1).Select(i => (long)(first + (i * step)));
    }

    [Fact]
    public async Task Follow_Replay_GoesOverIntoNewEvents()
    {
        var log = Log();
        log.Append(new("one", ""));
        log.Append(new("two", ""));
        await using var follower = log.FollowAsync(new(Tail: 1), CancellationToken.None).GetAsyncEnumerator();

        Assert.Equal("two", await Next(follower));
        var next = follower.MoveNextAsync();
        Assert.False(next.IsCompleted);
        log.Append(new("three", ""));
        Assert.True(await next.AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal("three", follower.Current.Kind);
    }

    [Fact]
    public async Task Follow_OneService_SkipsTheOthers()
    {
        var log = Log();
        await using var follower = log.FollowAsync(new("a"), CancellationToken.None).GetAsyncEnumerator();
        var next = Next(follower);
        log.Append(new("no", "", "b"));
        log.Append(new("yes", "", "a"));

        Assert.Equal("yes", await next);
    }

    [Fact]
    public async Task Follow_NoTail_DoesNotReplayWithTailZero()
    {
        var log = Log();
        log.Append(new("old", ""));
        await using var follower = log.FollowAsync(new(Tail: 0), CancellationToken.None).GetAsyncEnumerator();
        var next = Next(follower);
        log.Append(new("new", ""));

        Assert.Equal("new", await next);
    }

    [Fact]
    public async Task Follow_Cancelled_Ends()
    {
        using var cancelled = new CancellationTokenSource();
        await using var follower = Log().FollowAsync(new(), cancelled.Token).GetAsyncEnumerator();
        var next = follower.MoveNextAsync().AsTask();

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Follow_ManyWritersManyFollowers_EachSeesEveryEventOnceInOrder()
    {
        const int Writers = 4;
        const int Each = 200;
        var log = Log();
        log.Append(new("before", ""));
        var followers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => Take(log, (Writers * Each) + 1))).ToList();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
                log.Append(new($"w{w}", $"{i}"));
        })));

        foreach (var seen in await Task.WhenAll(followers).WaitAsync(TimeSpan.FromSeconds(60)))
            Assert.Equal(Enumerable.Range(1, (Writers * Each) + 1).Select(i => (long)i), seen);
    }

    [Fact]
    public void Prune_TooOld_Goes()
    {
        var log = Log(new() { MaxAge = TimeSpan.FromDays(1) });
        log.Append(new("old", ""));
        _time.Advance(TimeSpan.FromHours(23));
        log.Append(new("young", ""));
        Assert.Equal(0, log.Prune());
        _time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(1, log.Prune());

        Assert.Equal(["young"], log.Query(new()).Select(e => e.Kind));
    }

    [Fact]
    public void Prune_TooMany_KeepsTheNewestAndNeverReusesNumbers()
    {
        var log = Log(new() { MaxCount = 2 });
        for (var i = 0; i < 5; i++)
            log.Append(new("e", ""));

        Assert.Equal(3, log.Prune());

        Assert.Equal([4, 5], Ids(log, new()));
        Assert.Equal(6, log.Append(new("e", "")).Id);
    }

    private EventLog Log(EventOptions? options = null) => new(_registry.Database, options ?? new(), _time);

    private static IEnumerable<long> Ids(EventLog log, EventRequest request) => log.Query(request).Select(e => e.Id);

    private static async Task<string> Next(IAsyncEnumerator<EventEntry> follower)
    {
        Assert.True(await follower.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        return follower.Current.Kind;
    }

    private static async Task<List<long>> Take(EventLog log, int count)
    {
        var seen = new List<long>();
        await foreach (var entry in log.FollowAsync(new(), CancellationToken.None))
        {
            seen.Add(entry.Id);
            if (seen.Count == count)
                break;
        }
        return seen;
    }
}
