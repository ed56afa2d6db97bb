using System.Globalization;
using Dapper;
using Mcp.Agent.Registry;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Deploy.Journal;

/// <summary>Operations and their steps, written before they act, so that an agent that was killed knows what it was at. An operation without an end
/// is also the lease of its service: the database lets there be one for each.</summary>
internal sealed class OperationJournal(RegistryDatabase database, TimeProvider time)
{
    /// <summary>How long a lease is good without being renewed.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    private const int KeptOperations = 1000;

    /// <summary>Takes the service. The caller has made sure that no other operation has it.</summary>
    public void Open(Operation operation) => database.Write((connection, transaction) => connection.Execute(
        """
        INSERT INTO operations (id, kind, service, component, actor, role, peer, started_at, expires_at)
        VALUES (@Id, @kind, @Service, @Component, @Actor, @role, @peer, @startedAt, @expiresAt)
        """,
        new
        {
            operation.Id,
            kind = StoredText.Name(operation.Kind),
            operation.Service,
            operation.Component,
            operation.Actor,
            role = StoredText.Name(operation.Caller.Role),
            peer = operation.Caller.Peer,
            startedAt = StoredText.Time(operation.StartedAt),
            expiresAt = StoredText.Time(time.GetUtcNow() + LeaseTime),
        },
        transaction));

    /// <summary>Gives the service back as if nothing had been: nothing was planned.</summary>
    public void Abandon(string operation) =>
        database.Write((connection, transaction) => connection.Execute("DELETE FROM operations WHERE id = @operation AND recorded = 0", new { operation }, transaction));

    /// <summary>What is going to be done.</summary>
    /// <param name="also">More for the same transaction.</param>
    public void Plan(string operation, IEnumerable<PlanStep> steps, Action<SqliteConnection, SqliteTransaction>? also = null) => database.Write((connection, transaction) =>
    {
        connection.Execute("DELETE FROM operation_steps WHERE operation = @operation", new { operation }, transaction);
        connection.Execute(
            """
            INSERT INTO operation_steps (operation, position, action, component, container, name_from, name_to, time, after, description, state)
            VALUES (@operation, @Index, @action, @Component, @Container, @from, @to, @time, @after, @Description, @state)
            """,
            steps.Select(s => new
            {
                operation,
                s.Index,
                action = StoredText.Name(s.Action),
                s.Component,
                s.Container,
                from = s.Names?.From,
                to = s.Names?.To,
                time = StoredText.Span(s.Time),
                after = string.Join(' ', s.After.Select(i => i.ToString(CultureInfo.InvariantCulture))),
                s.Description,
                state = StoredText.Name(JournalState.Planned),
            }),
            transaction);
        also?.Invoke(connection, transaction);
    });

    public void Mark(string operation, int step, JournalState state) => database.Write((connection, transaction) => connection.Execute(
        "UPDATE operation_steps SET state = @state WHERE operation = @operation AND position = @step",
        new { operation, step, state = StoredText.Name(state) },
        transaction));

    /// <summary>Part of the transaction that stores the operation's new state: from then on there is no way back.</summary>
    public static void MarkRecorded(SqliteConnection connection, SqliteTransaction transaction, string operation) =>
        connection.Execute("UPDATE operations SET recorded = 1 WHERE id = @operation", new { operation }, transaction);

    public void Renew(string operation) => database.Write((connection, transaction) => connection.Execute(
        "UPDATE operations SET expires_at = @expiresAt WHERE id = @operation",
        new { operation, expiresAt = StoredText.Time(time.GetUtcNow() + LeaseTime) },
        transaction));

    /// <summary>Why an operation failed that is left to be taken back: who does that later does not know it.</summary>
    public void Explain(string operation, string failure) =>
        database.Write((connection, transaction) => connection.Execute("UPDATE operations SET message = @failure WHERE id = @operation", new { operation, failure }, transaction));

    /// <summary>Gives the service back.</summary>
    /// <param name="also">More for the same transaction.</param>
    public void End(string operation, OperationOutcome outcome, string message, Action<SqliteConnection, SqliteTransaction>? also = null) => database.Write((connection, transaction) =>
    {
        connection.Execute(
            "UPDATE operations SET ended_at = @at, outcome = @outcome, message = @message WHERE id = @operation",
            new { operation, at = StoredText.Time(time.GetUtcNow()), outcome = StoredText.Name(outcome), message },
            transaction);
        connection.Execute("DELETE FROM operation_steps WHERE operation = @operation", new { operation }, transaction);
        connection.Execute(
            "DELETE FROM operations WHERE ended_at IS NOT NULL AND rowid <= (SELECT max(rowid) FROM operations) - @KeptOperations", new { KeptOperations }, transaction);
        also?.Invoke(connection, transaction);
    });

    /// <summary>How an operation ended; null when it has not, or is not known (any more).</summary>
    public OperationEnded? FindEnd(string operation) => database.Read(connection => connection.QuerySingleOrDefault<EndRow>(
            "SELECT started_at AS StartedAt, ended_at AS EndedAt, outcome AS Outcome, message AS Message FROM operations WHERE id = @operation AND ended_at IS NOT NULL", new { operation }))
        is { } row
            ? new(operation, StoredText.Time(row.EndedAt), StoredText.Value<OperationOutcome>(row.Outcome), row.Message, "", "", [], StoredText.Time(row.EndedAt) - StoredText.Time(row.StartedAt))
            : null;

    /// <param name="service">null: all.</param>
    public IReadOnlyList<OpenOperation> FindOpen(string? service = null) => database.Read(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        var operations = connection.Query<OperationRow>(
            """
            SELECT id AS Id, kind AS Kind, service AS Service, component AS Component, actor AS Actor, role AS Role, peer AS Peer, started_at AS StartedAt, expires_at AS ExpiresAt, recorded AS Recorded,
                message AS Message
            FROM operations WHERE ended_at IS NULL AND (@service IS NULL OR service = @service) ORDER BY started_at
            """,
            new { service },
            transaction);
        return operations.Select(o => o.ToOperation(connection.Query<StepRow>(
            """
            SELECT position AS Position, action AS Action, component AS Component, container AS Container, name_from AS NameFrom, name_to AS NameTo, time AS Time, after AS After,
                description AS Description, state AS State
            FROM operation_steps WHERE operation = @Id ORDER BY position
            """,
            new { o.Id },
            transaction))).ToList();
    });
}
