using System.Globalization;
using Mcp.Agent.Registry;
using Mcp.Core.Status;

namespace Mcp.Agent.Audit;

/// <summary>Looks for entries that were changed or removed.</summary>
internal sealed class AuditVerifier(RegistryDatabase database)
{
    private const int Portion = 500;

    /// <param name="expected">A hash that the audit had at some time; empty: none is known.</param>
    public AuditCheck Verify(string expected, CancellationToken cancellationToken)
    {
        var (last, before) = database.Read(AuditChain.Pruned);
        var (newest, _) = database.Read(AuditChain.Tip);
        var isExpectedSeen = expected.Length == 0 || before == expected;
        var (entries, from, to, problem) = (0L, "", "", "");
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Entries that are written meanwhile are left out; the number of the last one was read before.
            var rows = database.Read(connection => connection.Query(
                $"SELECT id, hash, {AuditChain.Columns} FROM audit WHERE id > @last AND id <= @newest ORDER BY id LIMIT {Portion}",
                row =>
                {
                    var found = AuditChain.Check(row, before);
                    // Go on from what is stored: each change shows once.
                    before = found.Stored;
                    return found;
                }, ("last", last), ("newest", newest)));
            foreach (var (id, at, stored, computed) in rows)
            {
                entries++;
                from = from.Length == 0 ? at : from;
                (last, to) = (id, at);
                isExpectedSeen |= stored == expected;
                if (stored != computed && problem.Length == 0)
                    problem = string.Create(
                        CultureInfo.InvariantCulture, $"entry {id} of {at} was changed, or entries before it were changed or removed");
            }
            if (rows.Count < Portion)
                break;
        }
        if (problem.Length == 0 && last != newest)
            problem = string.Create(CultureInfo.InvariantCulture, $"the entries after {last}, up to {newest}, were removed");
        if (problem.Length == 0 && !isExpectedSeen)
            problem = $"no entry has the hash {expected}: the audit was written again, or entries up to that one were removed for their "
                + "age";
        return new(entries, Time(from), Time(to), before, problem);
    }

    private static DateTimeOffset? Time(string text) => text.Length == 0 ? null : StoredText.Time(text);
}
