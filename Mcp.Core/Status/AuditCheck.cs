namespace Mcp.Core.Status;

/// <summary>Whether a node's audit is as it was written.</summary>
/// <param name="Entries">How many there are.</param>
/// <param name="From">Of the oldest; null: there is none.</param>
/// <param name="Hash">Of the newest: noted elsewhere, it shows later that nothing before it was changed. Empty: there is no entry.</param>
/// <param name="Problem">What is wrong; empty: nothing.</param>
public sealed record AuditCheck(long Entries, DateTimeOffset? From, DateTimeOffset? To, string Hash, string Problem)
{
    public bool IsIntact => Problem.Length == 0;
}
