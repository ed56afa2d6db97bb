using System.Runtime.CompilerServices;
using Mcp.Agent.Registry;
using Mcp.Core.Status;

namespace Mcp.Agent.Events;

/// <summary>What happened on this node, in order, in the registry database.</summary>
internal sealed class EventLog(RegistryDatabase database, EventOptions options, TimeProvider time)
{
    private const int MostPatterns = 100;

    // From one to the next by the index: a thousand steps, where DISTINCT would read every row.
    private const string Services =
        """
        WITH RECURSIVE known (name) AS (
            SELECT min(service) FROM events
            UNION ALL SELECT (SELECT min(service) FROM events WHERE service > name) FROM known WHERE name IS NOT NULL
        ) SELECT name FROM known WHERE name IS NOT NULL
        """;

    private static readonly string KnownKinds = string.Join(" UNION ALL ", EventKinds.All.Select(kind => $"SELECT '{kind}' AS name"));

    private readonly LogTable<EventEntry> _table = new(
        database, "events", "at, service, component, kind, from_state, to_state, message, actor",
        row => new EventEntry(
            row.GetInt64(0), StoredText.Time(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
            row.GetString(6), row.GetString(7), row.GetString(8)));

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
    public IEnumerable<EventEntry> Query(EventRequest request) =>
        _table.Read(Filter(request), tail: request.Tail);

    /// <summary>What <see cref="Query"/> gives, then each new event once, in order, until cancelled.</summary>
    public async IAsyncEnumerable<EventEntry> FollowAsync(
        EventRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = Filter(request);
        // Numbers are given in commit order, so "everything after this one" neither misses nor repeats.
        var seen = _table.NewestId();
        foreach (var entry in _table.Read(filter, upTo: seen, tail: request.Tail))
            yield return entry;
        while (true)
        {
            // Taken before looking: an event stored after the look completes it.
            var appended = Volatile.Read(ref _appended).Task;
            var newest = _table.NewestId();
            foreach (var entry in _table.Read(filter, seen, newest))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return entry;
            }
            seen = newest;
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

    private static LogFilter Filter(EventRequest request)
    {
        var patterns = new List<(string Name, object? Value)>();
        // Patterns are matched against each name once, not against each row: a look through all rows then only compares.
        var matching =
            Matching("service", Services, request.Services, patterns) + Matching("kind", KnownKinds, request.Kinds, patterns)
            + Matching("component", null, request.Components, patterns);
        return new(request.Service, request.Since) { Matching = matching, MatchingValues = patterns };
    }

    /// <param name="names">A query for all names that the column has; null: as many as rows.</param>
    private static string Matching(
        string column, string? names, IReadOnlyList<string> wanted, List<(string Name, object? Value)> patterns)
    {
        if (wanted.Count == 0)
            return "";
        if (wanted.Count > MostPatterns)
            throw new AgentException(AgentError.InvalidRequest, $"more than {MostPatterns} names for {column}", "ask for fewer at once");
        var first = patterns.Count;
        patterns.AddRange(wanted.Select((pattern, i) => ($"pattern{first + i}", (object?)pattern.ToLowerInvariant())));
        var tested = names is null ? column : "name";
        var any = string.Join(" OR ", wanted.Select((_, i) => $"lower({tested}) GLOB @pattern{first + i}"));
        return names is null ? $" AND ({any})" : $" AND +{column} IN (SELECT name FROM ({names}) WHERE {any})";
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
