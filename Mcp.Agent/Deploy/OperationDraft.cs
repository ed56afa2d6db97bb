using Mcp.Agent.Registry;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>All that an operation needs to run: decided, and nothing touched yet.</summary>
/// <param name="Change">What the plan changes in the registry database, by what was done of it.</param>
internal sealed record OperationDraft(Plan Plan, Func<Executed, StateChange> Change) : IDisposable
{
    /// <summary>null: no release is made.</summary>
    public ReleaseDraft? Release { get; init; }

    /// <summary>The release that is deployed again, also when nothing is to be done for it; null: none.</summary>
    public int? RollbackOf { get; init; }

    /// <summary>What is held until the end.</summary>
    public IDisposable? Reservation { get; init; }

    public void Dispose() => Reservation?.Dispose();
}
