using Mcp.Agent.Audit;
using Mcp.Agent.Auth;
using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Deploy.Journal;

/// <summary>Operations and their steps, written before they act, so that an agent that was killed knows how far it was. Each method is one
/// transaction, with all that changes at that moment. An operation without an end has its service: the database permits one for
/// each.</summary>
internal sealed class OperationJournal(RegistryDatabase database, TimeProvider time)
{
    private const int KeptOperations = 1000;

    private readonly Lock _lock = new();
    private List<(string Operation, int Step)> _beginning = [];
    private Task _writing = Task.CompletedTask;
    private Task? _next;

    /// <summary>Begins an operation whose service the caller has locked: what is going to be done and, if it makes one, its
    /// release.</summary>
    public void Open(Operation operation, IEnumerable<PlanStep> steps, NewRelease? release) => database.Write(connection =>
    {
        Open(connection, operation);
        Add(connection, operation.Id, steps);
        if (release is not null)
            ReleaseStore.Begin(connection, release);
    });

    /// <summary>What is left to do of an operation that is resumed, in place of what was planned before.</summary>
    public void Replan(string operation, IEnumerable<PlanStep> steps) => database.Write(connection =>
    {
        connection.Execute("DELETE FROM operation_steps WHERE operation = @operation", ("operation", operation));
        Add(connection, operation, steps);
    });

    /// <summary>Returns once it is stored that the step begins. Steps that begin while a transaction is under way share the next
    /// one.</summary>
    public Task BeginAsync(string operation, int step)
    {
        lock (_lock)
        {
            _beginning.Add((operation, step));
            return _next ??= BeginNextAsync(_writing);
        }
    }

    /// <summary>The point of no return: stores what the operation changes, with its release. From here on it is finished,
    /// not rolled back.</summary>
    /// <param name="skipped">The steps after it that are not needed: after a crash it is not known.</param>
    public void Record(string operation, StateChange change, IEnumerable<int> skipped) => database.Write(connection =>
    {
        foreach (var step in skipped)
            Mark(connection, operation, step, JournalState.Skipped);
        switch (change)
        {
            case ServiceDeployed deployed:
                ServiceRows.Save(connection, deployed.Service);
                ReleaseStore.Succeed(connection, deployed.Release, deployed.Service, time.GetUtcNow());
                break;
            case DesiredStateChanged changed:
                ServiceRows.SetDesired(connection, changed.Service, changed.Component, changed.Desired);
                break;
            case ServiceRemoved removed:
                ServiceRows.Remove(connection, removed.Service, removed.Component);
                break;
            default:
                throw new InvalidOperationException($"{change.GetType().Name} can't be recorded");
        }
        connection.Execute("UPDATE operations SET recorded = 1 WHERE id = @operation", ("operation", operation));
    });

    /// <summary>Why an operation failed that is left to be rolled back: who does that later does not know it.</summary>
    public void Explain(string operation, string failure) =>
        database.Write(connection =>
            connection.Execute("UPDATE operations SET message = @failure WHERE id = @operation", ("operation", operation),
                ("failure", failure)));

    /// <summary>The outcome, of the operation and its release, and its entry in the audit. The service is free again.</summary>
    public void Close(Operation operation, OperationEnding ending) => database.Write(connection => Close(connection, operation, ending));

    /// <summary>Opens and closes an operation that had nothing to do: there is nothing that a crash could leave open.</summary>
    public void OpenAndClose(Operation operation, OperationEnding ending) => database.Write(connection =>
    {
        Open(connection, operation);
        Close(connection, operation, ending);
    });

    private static void Open(SqliteConnection connection, Operation operation) => connection.Execute(
        """
        INSERT INTO operations (id, kind, service, component, actor, role, peer, started_at)
        VALUES (@id, @kind, @service, @component, @actor, @role, @peer, @startedAt)
        """,
        ("id", operation.Id), ("kind", StoredText.Name(operation.Kind)), ("service", operation.Service),
            ("component", operation.Component),
        ("actor", operation.Actor), ("role", StoredText.Name(operation.Caller.Role)), ("peer", operation.Caller.Peer),
        ("startedAt", StoredText.Time(operation.StartedAt)));

    private void Close(SqliteConnection connection, Operation operation, OperationEnding ending)
    {
        var now = time.GetUtcNow();
        connection.Execute(
            "UPDATE operations SET ended_at = @at, outcome = @outcome, message = @message WHERE id = @operation",
            ("operation", operation.Id), ("at", StoredText.Time(now)), ("outcome", StoredText.Name(ending.Outcome)),
            ("message", ending.Message));
        connection.Execute("DELETE FROM operation_steps WHERE operation = @operation", ("operation", operation.Id));
        connection.Execute("DELETE FROM operations WHERE ended_at IS NOT NULL AND rowid <= (SELECT max(rowid) FROM operations) - @kept",
            ("kept", KeptOperations));
        ReleaseStore.Close(connection, operation.Id, ReleaseOutcomeOf(ending.Outcome), ending.Message, now);
        AuditLog.Append(connection, now, new(
            operation.Caller, StoredText.Name(operation.Kind), operation.Service, operation.Component, operation.Id,
                AuditNameOf(ending.Outcome), ending.Brief));
    }

    /// <summary>How an operation ended; null when it has not, or is not known (any more).</summary>
    public OperationEnded? FindEnd(string operation) => database.Read(connection => connection.Query(
        "SELECT started_at, ended_at, outcome, message FROM operations WHERE id = @operation AND ended_at IS NOT NULL",
        row =>
        {
            var (started, ended) = (StoredText.Time(row.GetString(0)), StoredText.Time(row.GetString(1)));
            return new OperationEnded(operation, ended, StoredText.Value<OperationOutcome>(row.GetString(2)), row.GetString(3), "", "", [],
                ended - started);
        },
        ("operation", operation))).SingleOrDefault();

    /// <param name="service">null: all.</param>
    public IReadOnlyList<OpenOperation> FindOpen(string? service = null) => database.Read(connection =>
    {
        using var view = connection.BeginTransaction(deferred: true);
        var steps = connection.Query(
            """
            SELECT operation, step, s.state FROM operation_steps s JOIN operations o ON o.id = s.operation
            WHERE ended_at IS NULL AND (@service IS NULL OR service = @service) ORDER BY position
            """,
            row => (Operation: row.GetString(0),
                Step: new JournalStep(StepJson.Read(row.GetString(0), row.GetString(1)), StoredText.Value<JournalState>(row.GetString(2)))),
            ("service", service)).ToLookup(s => s.Operation, s => s.Step);
        return connection.Query(
            """
            SELECT id, kind, service, component, actor, role, peer, started_at, recorded, message
            FROM operations WHERE ended_at IS NULL AND (@service IS NULL OR service = @service) ORDER BY started_at
            """,
            row => new OpenOperation(
                row.GetString(0), StoredText.Value<OperationKind>(row.GetString(1)), row.GetString(2), row.TextOrNull(3),
                new(row.GetString(4), StoredText.Value<Role>(row.GetString(5)), row.GetString(6)),
                StoredText.Time(row.GetString(7)), row.GetBoolean(8), row.GetString(9), steps[row.GetString(0)].ToValueList()),
            ("service", service));
    });

    private async Task BeginNextAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        List<(string Operation, int Step)> group;
        lock (_lock)
        {
            (group, _beginning) = (_beginning, []);
            (_writing, _next) = (_next!, null);
        }
        database.Write(connection =>
        {
            foreach (var (operation, step) in group)
                Mark(connection, operation, step, JournalState.Begun);
        });
    }

    private static void Mark(SqliteConnection connection, string operation, int step, JournalState state) => connection.Execute(
        "UPDATE operation_steps SET state = @state WHERE operation = @operation AND position = @step",
        ("operation", operation), ("step", step), ("state", StoredText.Name(state)));

    private static void Add(SqliteConnection connection, string operation, IEnumerable<PlanStep> steps)
    {
        foreach (var step in steps)
            connection.Execute(
                "INSERT INTO operation_steps (operation, position, step, state) VALUES (@operation, @position, @step, @state)",
                ("operation", operation), ("position", step.Index), ("step", StepJson.Write(step)),
                ("state", StoredText.Name(JournalState.Planned)));
    }

    private static ReleaseOutcome ReleaseOutcomeOf(OperationOutcome outcome) => outcome switch
    {
        OperationOutcome.Succeeded => ReleaseOutcome.Succeeded,
        OperationOutcome.RolledBack => ReleaseOutcome.RolledBack,
        _ => ReleaseOutcome.Failed,
    };

    private static string AuditNameOf(OperationOutcome outcome) => outcome switch
    {
        OperationOutcome.Succeeded => "succeeded",
        OperationOutcome.RolledBack => "rolled-back",
        _ => "failed",
    };
}
