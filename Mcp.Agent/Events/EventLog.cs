using System.Runtime.CompilerServices;
using Mcp.Agent.Registry;
using Mcp.Core.Status;

namespace Mcp.Agent.Events;

/// <summary>What happened on this node, in order, in the registry database.</summary>
internal sealed class EventLog(RegistryDatabase database, EventOptions options, TimeProvider time)
{
    // A follower far behind reads in portions, so that it never holds the whole table.
    private const int Portion = 500;
    private const int MostPatterns = 100;

    private TaskCompletionSource _appended = NewSignal();

    public EventEntry Append(AgentEvent happened)
    {
        var at = time.GetUtcNow();
        var id = database.Write(connection => connection.Number(
            """
            INSERT INTO events (at, service, component, kind, from_state, to_state, message, actor)
            VALUES (@at, @service, @component, @kind, @from, @to, @message, @actor) RETURNING id
            """,
            ("at", StoredText.Time(at)), ("service", happened.Service), ("component", happened.Component), ("kind", happened.Kind),
            ("from", happened.From), ("to", happened.To),
            ("message", happened.Message), ("actor", happened.Actor)));
        Interlocked.Exchange(ref _appended, NewSignal()).TrySetResult();
        return new(id, at, happened.Service, happened.Component, happened.Kind, happened.From, happened.To, happened.Message,
            happened.Actor);
    }

    /// <summary>Stored events, oldest first. <see cref="EventRequest.Follow"/> is <see cref="FollowAsync"/>'s.</summary>
    public IReadOnlyList<EventEntry> Query(EventRequest request) =>
        Read(request, after: 0, upTo: NewestId(), request.Tail ?? int.MaxValue, newest: true);

    /// <summary>What <see cref="Query"/> gives, then each new event once, in order, until cancelled.</summary>
    public async IAsyncEnumerable<EventEntry> FollowAsync(
        EventRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
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

    /// <summary>Deletes events that are too old or too many; returns how many.</summary>
    public int Prune()
    {
        var before = StoredText.Time(time.GetUtcNow() - options.MaxAge);
        // Numbers have next to no gaps, so the distance from the newest stands for a count, without counting.
        const string TooOldOrTooMany = "FROM events WHERE at < @before OR id <= (SELECT max(id) FROM events) - @keep";
        if (database.Read(connection =>
            connection.Number($"SELECT EXISTS (SELECT 1 {TooOldOrTooMany})", ("before", before), ("keep", options.MaxCount))) == 0)
            return 0;
        return database.Write(connection =>
            connection.Execute("DELETE " + TooOldOrTooMany, ("before", before), ("keep", options.MaxCount)));
    }

    private long NewestId() => database.Read(connection => connection.Number("SELECT max(id) FROM events"));

    private List<EventEntry> Read(EventRequest request, long after, long upTo, int limit, bool newest)
    {
        var patterns = new List<(string Name, object? Value)>();
        var matching = Matching("service", request.Services, patterns) + Matching("component", request.Components, patterns) +
            Matching("kind", request.Kinds, patterns);
        var entries = database.Read(connection => connection.Query(
            $"""
            SELECT id, at, service, component, kind, from_state, to_state, message, actor
            FROM events
            WHERE id > @after AND id <= @upTo AND (@service IS NULL OR service = @service) AND (@since IS NULL OR at >= @since){matching}
            ORDER BY id {(newest ? "DESC" : "ASC")} LIMIT @limit
            """,
            row => new EventEntry(
                row.GetInt64(0), StoredText.Time(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
                row.GetString(6), row.GetString(7),
                row.GetString(8)),
            [("after", after), ("upTo", upTo), ("service", request.Service),
            ("since", request.Since is { } since ? StoredText.Time(since) : null), ("limit", Math.Max(0, limit)), .. patterns]));
        if (newest)
            entries.Reverse();
        return entries;
    }

    private static string Matching(string column, IReadOnlyList<string> wanted, List<(string Name, object? Value)> patterns)
    {
        if (wanted.Count == 0)
            return "";
        if (wanted.Count > MostPatterns)
            throw new AgentException(AgentError.InvalidRequest, $"more than {MostPatterns} names for {column}", "ask for fewer at once");
        var first = patterns.Count;
        patterns.AddRange(wanted.Select((pattern, i) => ($"pattern{first + i}", (object?)pattern.ToLowerInvariant())));
        return $" AND ({string.Join(" OR ", wanted.Select((_, i) => $"lower({column}) GLOB @pattern{first + i}"))})";
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
