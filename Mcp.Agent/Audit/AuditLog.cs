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

/// <summary>Who did what, when, from where, with which outcome. The database refuses to change or delete entries.</summary>
internal sealed class AuditLog(RegistryDatabase database, TimeProvider time)
{
    private readonly LogTable<AuditEntry> _table = new(
        database, "audit", "at, actor, role, peer, action, service, component, operation, outcome, message",
        row => new AuditEntry(
            row.GetInt64(0), StoredText.Time(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
            row.GetString(6), row.GetString(7), row.GetString(8), row.GetString(9), row.GetString(10)));

    public void Append(AuditRecord record) => database.Write(connection => Append(connection, time.GetUtcNow(), record));

    /// <summary>Part of the transaction that stores what was done.</summary>
    public static void Append(SqliteConnection connection, DateTimeOffset at, AuditRecord record) => connection.Execute(
        """
        INSERT INTO audit (at, actor, role, peer, action, service, component, operation, outcome, message)
        VALUES (@at, @actor, @role, @peer, @action, @service, @component, @operation, @outcome, @message)
        """,
        ("at", StoredText.Time(at)), ("actor", record.Caller.Name), ("role", StoredText.Name(record.Caller.Role)),
        ("peer", record.Caller.Peer), ("action", record.Action), ("service", SafeText.Line(record.Service, NameLength)),
        ("component", SafeText.Line(record.Component ?? "", NameLength)), ("operation", record.Operation), ("outcome", record.Outcome),
        ("message", SafeText.Line(record.Message, MessageLength)));

    // No name that a definition may have is longer (NameRule); others come with calls that are refused for them.
    private const int NameLength = 63;
    private const int MessageLength = 500;

    /// <summary>Oldest first.</summary>
    public IEnumerable<AuditEntry> Query(AuditRequest request) =>
        _table.Read(new(request.Service, request.Since), tail: request.Tail);
}
