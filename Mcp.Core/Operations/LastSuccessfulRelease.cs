namespace Mcp.Core.Operations;

/// <summary>What "go back" means when no number is said.</summary>
public static class LastSuccessfulRelease
{
    /// <param name="releases">Of one service, newest first.</param>
    /// <param name="before">The release to roll back from; null: none has succeeded yet.</param>
    /// <returns>null: there is none to go back to.</returns>
    public static Release? Find(IEnumerable<Release> releases, out int? before)
    {
        var good = releases.Where(r => r.Outcome == ReleaseOutcome.Succeeded).ToList();
        if (good.Count == 0)
        {
            before = null;
            return null;
        }
        var newest = good[0];
        // After a rollback to 3, going back once more means what was before 3, not what was left for it. Of a service that was removed, its
        // last one is meant.
        var limit = newest.Current ? newest.RollbackOf ?? newest.Number : newest.Number + 1;
        before = limit;
        return good.Find(r => r.Number < limit && r.RollbackOf is null);
    }
}
