using Mcp.Agent.Registry;
using Mcp.Core.Planning;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Deploy;

/// <summary>All that an operation needs to run: decided, and nothing touched yet.</summary>
/// <param name="Record">Stores the new state, in one transaction with what is handed in.</param>
internal sealed record OperationDraft(Plan Plan, Action<Executed, Action<SqliteConnection, SqliteTransaction>> Record) : IDisposable
{
    /// <summary>null: no release is made.</summary>
    public ReleaseDraft? Release { get; init; }

    /// <summary>The release that is deployed again, also when nothing is to be done for it; null: none.</summary>
    public int? RollbackOf { get; init; }

    /// <summary>What is held until the end.</summary>
    public IDisposable? Reservation { get; init; }

    public void Dispose() => Reservation?.Dispose();
}
