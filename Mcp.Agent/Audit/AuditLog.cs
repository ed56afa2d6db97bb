using Mcp.Agent.Auth;
using Mcp.Agent.Registry;
using Mcp.Core;
using Mcp.Core.Status;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Audit;

/// <summary>Something that was done or tried, before it has a number.</summary>
/// <param name="Message">The reason, when it did not succeed; the first line is kept. Nothing that a container said: the audit keeps for
/// good. All texts are kept in safe form and to a length.</param>
internal sealed record AuditRecord(Caller Caller, string Action, string Service, string? Component, string Operation, string Outcome,
    string Message);

/// <summary>Who did what, when, from where, with which outcome. The database refuses to change entries, and to delete them before their
/// time.</summary>
internal sealed class AuditLog(RegistryDatabase database, TimeProvider time)
{
    private readonly LogTable<AuditEntry> _table = new(
        database, "audit", "at, actor, role, peer, action, service, component, operation, outcome, message",
        row => new AuditEntry(
            row.GetInt64(0), StoredText.Time(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
            row.GetString(6), row.GetString(7), row.GetString(8), row.GetString(9), row.GetString(10)));

    public void Append(AuditRecord record) => database.Write(connection => Append(connection, time.GetUtcNow(), record));

    /// <summary>Part of the transaction that stores what was done.</summary>
    public static void Append(SqliteConnection connection, DateTimeOffset at, AuditRecord record)
    {
        var (last, before) = AuditChain.Tip(connection);
        string[] texts =
        [
            StoredText.Time(at), record.Caller.Name, StoredText.Name(record.Caller.Role), record.Caller.Peer, record.Action,
            SafeText.Line(record.Service, NameLength), SafeText.Line(record.Component ?? "", NameLength), record.Operation, record.Outcome,
            SafeText.Line(record.Message, MessageLength),
        ];
        connection.Execute(
            $"INSERT INTO audit (id, hash, {AuditChain.Columns}) VALUES (@id, @hash, @0, @1, @2, @3, @4, @5, @6, @7, @8, @9)",
            [("id", last + 1), ("hash", AuditChain.Next(before, last + 1, texts)), .. texts.Select((t, i) => ($"{i}", (object?)t))]);
    }

    // No name that a definition may have is longer (NameRule); others come with calls that are refused for them.
    private const int NameLength = 63;
    private const int MessageLength = 500;

    /// <summary>Removes entries that are too old or too many; returns how many.</summary>
    public int Prune(AuditOptions options)
    {
        // Numbers have no gaps, so the distance from the newest stands for a count, without counting.
        const string Last =
            """
            SELECT max(coalesce((SELECT max(id) FROM audit WHERE at < @before), 0),
                coalesce((SELECT max(id) FROM audit), 0) - @keep)
            """;
        (string, object?)[] values = [("before", StoredText.Time(time.GetUtcNow() - options.MaxAge)), ("keep", options.MaxCount)];
        if (database.Read(c => c.Number($"SELECT EXISTS (SELECT 1 FROM audit WHERE id <= ({Last}))", values)) == 0)
            return 0;
        return database.Write(connection =>
        {
            var last = connection.Number(Last, values);
            connection.Execute(
                "UPDATE audit_pruned SET last_id = @last, hash = (SELECT hash FROM audit WHERE id = @last)", ("last", last));
            return connection.Execute("DELETE FROM audit WHERE id <= @last", ("last", last));
        });
    }

    /// <summary>Oldest first.</summary>
    public IEnumerable<AuditEntry> Query(AuditRequest request) =>
        _table.Read(new(request.Service, request.Since), tail: request.Tail);
}
