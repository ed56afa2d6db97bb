using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Registry;

/// <summary>What to read of a <see cref="LogTable{T}"/>.</summary>
/// <param name="Service">null: all rows.</param>
internal sealed record LogFilter(string? Service = null, DateTimeOffset? Since = null)
{
    /// <summary>Further conditions, " AND ..." each.</summary>
    public string Matching { get; init; } = "";

    public IReadOnlyList<(string Name, object? Value)> MatchingValues { get; init; } = [];
}

/// <summary>A table to which rows are only added, with id, at and service, and indexes on (service, id) and on at. It is read in portions:
/// no answer holds the whole table in memory, or a transaction open while a slow caller takes its rows.</summary>
internal sealed class LogTable<T>(RegistryDatabase database, string table, string columns, Func<SqliteDataReader, T> read)
{
    private const int Portion = 500;

    /// <summary>0: there is none.</summary>
    public long NewestId() => database.Read(connection => connection.Number($"SELECT max(id) FROM {table}"));

    /// <summary>Those with an id after one and up to another, oldest first.</summary>
    /// <param name="tail">Only the newest of them; null: all.</param>
    public IEnumerable<T> Read(LogFilter filter, long after = 0, long upTo = long.MaxValue, int? tail = null)
    {
        if (tail <= 0)
            yield break;
        var rows = database.Read(connection => FirstPortion(connection, filter, after, upTo, tail));
        while (true)
        {
            foreach (var (_, row) in rows)
                yield return row;
            if (rows.Count < Portion)
                yield break;
            var next = rows[^1].Id + 1;
            rows = database.Read(connection => ReadPortion(connection, filter, next, upTo));
        }
    }

    private List<(long Id, T Row)> FirstPortion(SqliteConnection connection, LogFilter filter, long after, long upTo, int? tail)
    {
        var from = after + 1;
        // Of all rows, those since a time are found by its index; of one service, by looking through its rows.
        if (filter is { Service: null, Since: not null })
        {
            // min(id) would look through all rows from the oldest on, instead of through those since then.
            var since = connection.Number($"SELECT min(+id) FROM {table} WHERE at >= @since", ("since", Since(filter)));
            if (since == 0)
                return [];
            from = Math.Max(from, since);
        }
        if (tail < Portion)
        {
            var newest = ReadPortion(connection, filter, from, upTo, "DESC", tail.Value);
            newest.Reverse();
            return newest;
        }
        if (tail is not null)
        {
            from = connection.Number(
                $"SELECT min(id) FROM (SELECT id FROM {table} {Where(filter)} ORDER BY id DESC LIMIT @tail)",
                [.. Values(filter, from, upTo), ("tail", tail)]);
            if (from == 0)
                return [];
        }
        return ReadPortion(connection, filter, from, upTo);
    }

    private List<(long Id, T Row)> ReadPortion(
        SqliteConnection connection, LogFilter filter, long from, long upTo, string order = "ASC", int limit = Portion) => connection.Query(
        $"SELECT id, {columns} FROM {table} {Where(filter)} ORDER BY id {order} LIMIT {limit}",
        row => (row.GetInt64(0), read(row)), Values(filter, from, upTo));

    /// <summary>The sign before a column keeps its index out of it: rows are wanted in the order of their ids, and ordering a whole range
    /// costs more than passing over what does not match.</summary>
    private static string Where(LogFilter filter) =>
        "WHERE id >= @from AND id <= @upTo" + (filter.Service is null ? "" : " AND service = @service")
        + (filter.Since is null ? "" : " AND +at >= @since") + filter.Matching;

    private static (string Name, object? Value)[] Values(LogFilter filter, long from, long upTo) =>
    [
        ("from", from), ("upTo", upTo), .. filter.Service is null ? ((string, object?)[])[] : [("service", filter.Service)],
        .. filter.Since is null ? ((string, object?)[])[] : [("since", Since(filter))], .. filter.MatchingValues,
    ];

    private static string Since(LogFilter filter) => StoredText.Time(filter.Since!.Value);
}
