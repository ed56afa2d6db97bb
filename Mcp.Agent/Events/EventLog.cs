using System.Runtime.CompilerServices;
using Dapper;
using Mcp.Agent.Registry;
using Mcp.Core.Status;

namespace Mcp.Agent.Events;

/// <summary>What happened on this node, in order, in the registry database.</summary>
internal sealed class EventLog(RegistryDatabase database, EventOptions options, TimeProvider time)
{
    // A follower far behind reads in portions, so that it never holds the whole table.
    private const int Portion = 500;

    private TaskCompletionSource _appended = NewSignal();

    public EventEntry Append(AgentEvent happened)
    {
        var at = time.GetUtcNow();
        var id = database.Write((connection, transaction) => connection.ExecuteScalar<long>(
            """
            INSERT INTO events (at, service, component, kind, from_state, to_state, message, actor)
            VALUES (@at, @Service, @Component, @Kind, @From, @To, @Message, @Actor) RETURNING id
            """,
            new { at = StoredText.Time(at), happened.Service, happened.Component, happened.Kind, happened.From, happened.To, happened.Message, happened.Actor },
            transaction));
        Interlocked.Exchange(ref _appended, NewSignal()).TrySetResult();
        return new(id, at, happened.Service, happened.Component, happened.Kind, happened.From, happened.To, happened.Message, happened.Actor);
    }

    /// <summary>Stored events, oldest first. <see cref="EventRequest.Follow"/> is <see cref="FollowAsync"/>'s.</summary>
    public IReadOnlyList<EventEntry> Query(EventRequest request) => Read(request, after: 0, upTo: NewestId(), request.Tail ?? int.MaxValue, newest: true);

    /// <summary>What <see cref="Query"/> gives, then each new event once, in order, until cancelled.</summary>
    public async IAsyncEnumerable<EventEntry> FollowAsync(EventRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Numbers are given in commit order, so "everything after this one" neither misses nor repeats.
        var seen = NewestId();
        foreach (var entry in Read(request, after: 0, upTo: seen, request.Tail ?? int.MaxValue, newest: true))
            yield return entry;
        while (true)
        {
            // Taken before looking: an event stored after the look completes it.
            var appended = Volatile.Read(ref _appended).Task;
            var newest = NewestId();
            while (seen < newest)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var portion = Read(request, after: seen, upTo: newest, Portion, newest: false);
                foreach (var entry in portion)
                    yield return entry;
                seen = portion.Count < Portion ? newest : portion[^1].Id;
            }
            await appended.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Forgets what is too old or too much; returns how many.</summary>
    public int Prune()
    {
        var before = StoredText.Time(time.GetUtcNow() - options.MaxAge);
        // Numbers have next to no gaps, so the distance from the newest stands for a count, without counting.
        const string TooOldOrTooMany = "FROM events WHERE at < @before OR id <= (SELECT max(id) FROM events) - @keep";
        var arguments = new { before, keep = options.MaxCount };
        if (!database.Read(connection => connection.ExecuteScalar<bool>($"SELECT EXISTS (SELECT 1 {TooOldOrTooMany})", arguments)))
            return 0;
        return database.Write((connection, transaction) => connection.Execute("DELETE " + TooOldOrTooMany, arguments, transaction));
    }

    private long NewestId() => database.Read(connection => connection.ExecuteScalar<long?>("SELECT max(id) FROM events")) ?? 0;

    private List<EventEntry> Read(EventRequest request, long after, long upTo, int limit, bool newest)
    {
        var rows = database.Read(connection => connection.Query<EventRow>(
            $"""
            SELECT id AS Id, at AS At, service AS Service, component AS Component, kind AS Kind,
                from_state AS "From", to_state AS "To", message AS Message, actor AS Actor
            FROM events
            WHERE id > @after AND id <= @upTo AND (@Service IS NULL OR service = @Service) AND (@since IS NULL OR at >= @since)
            ORDER BY id {(newest ? "DESC" : "ASC")} LIMIT @limit
            """,
            new { after, upTo, request.Service, since = request.Since is { } since ? StoredText.Time(since) : null, limit = Math.Max(0, limit) }).AsList());
        if (newest)
            rows.Reverse();
        return rows.ConvertAll(r => new EventEntry(r.Id, StoredText.Time(r.At), r.Service, r.Component, r.Kind, r.From, r.To, r.Message, r.Actor));
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class EventRow
    {
        public long Id { get; init; }
        public string At { get; init; } = "";
        public string Service { get; init; } = "";
        public string Component { get; init; } = "";
        public string Kind { get; init; } = "";
        public string From { get; init; } = "";
        public string To { get; init; } = "";
        public string Message { get; init; } = "";
        public string Actor { get; init; } = "";
    }
}
