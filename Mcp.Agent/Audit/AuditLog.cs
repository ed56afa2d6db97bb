using Dapper;
using Mcp.Agent.Auth;
using Mcp.Agent.Registry;
using Mcp.Core.Status;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Audit;

/// <summary>Something that was done or tried, before it has a number.</summary>
/// <param name="Message">Why, when it did not succeed; the first line is kept. Nothing that a container said: that is nobody's to keep.</param>
internal sealed record AuditRecord(Caller Caller, string Action, string Service, string? Component, string Operation, string Outcome, string Message);

/// <summary>Who did what, when, from where, and what came of it. The database refuses to change or delete what stands here.</summary>
internal sealed class AuditLog(RegistryDatabase database, TimeProvider time)
{
    public void Append(AuditRecord record) => database.Write((connection, transaction) => Append(connection, transaction, record));

    /// <summary>As part of the transaction that stores what was done.</summary>
    public void Append(SqliteConnection connection, SqliteTransaction transaction, AuditRecord record) => connection.Execute(
        """
        INSERT INTO audit (at, actor, role, peer, action, service, component, operation, outcome, message)
        VALUES (@at, @Name, @role, @Peer, @Action, @Service, @component, @Operation, @Outcome, @message)
        """,
        new
        {
            at = StoredText.Time(time.GetUtcNow()),
            record.Caller.Name,
            role = StoredText.Name(record.Caller.Role),
            record.Caller.Peer,
            record.Action,
            record.Service,
            component = record.Component ?? "",
            record.Operation,
            record.Outcome,
            message = record.Message.Split('\n')[0].TrimEnd(),
        },
        transaction);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<AuditEntry> Query(AuditRequest request)
    {
        var rows = database.Read(connection => connection.Query<AuditRow>(
            """
            SELECT id AS Id, at AS At, actor AS Actor, role AS Role, peer AS Peer, action AS Action, service AS Service, component AS Component,
                operation AS Operation, outcome AS Outcome, message AS Message
            FROM audit WHERE (@Service IS NULL OR service = @Service) AND (@since IS NULL OR at >= @since)
            ORDER BY id DESC LIMIT @limit
            """,
            new { request.Service, since = request.Since is { } since ? StoredText.Time(since) : null, limit = request.Tail ?? int.MaxValue }).AsList());
        rows.Reverse();
        return rows.ConvertAll(r => new AuditEntry(r.Id, StoredText.Time(r.At), r.Actor, r.Role, r.Peer, r.Action, r.Service, r.Component, r.Operation, r.Outcome, r.Message));
    }

    private sealed class AuditRow
    {
        public long Id { get; init; }
        public string At { get; init; } = "";
        public string Actor { get; init; } = "";
        public string Role { get; init; } = "";
        public string Peer { get; init; } = "";
        public string Action { get; init; } = "";
        public string Service { get; init; } = "";
        public string Component { get; init; } = "";
        public string Operation { get; init; } = "";
        public string Outcome { get; init; } = "";
        public string Message { get; init; } = "";
    }
}
