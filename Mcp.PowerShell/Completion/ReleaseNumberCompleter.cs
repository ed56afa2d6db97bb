using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Operations;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Completion;

/// <summary>The good releases of the service that -Service names, newest first; the tooltip says when, by whom, and with which
/// images.</summary>
public sealed class ReleaseNumberCompleter : ConfigCompleter
{
    private protected override IEnumerable<CompletionResult> Results(WorkstationConfig config, IDictionary bound, string written)
    {
        if (bound["Service"] is not string { Length: > 0 } service)
            return [];
        var nodes = bound["Node"] is null ? null : Asked(bound, "Node");
        return KnownReleases.Of(config, service, Budget)
            .Where(r => r.Release.Outcome == ReleaseOutcome.Succeeded && nodes?.Invoke(r.Node) != false)
            .GroupBy(r => r.Release.Number)
            .OrderByDescending(group => group.Key)
            .Select(group => Result(group.Key, [.. group]))
            .Where(result => result.CompletionText.StartsWith(written, StringComparison.Ordinal));
    }

    private static CompletionResult Result(int number, List<(string Node, Release Release)> found)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        return new(
            text, text, CompletionResultType.ParameterValue,
            string.Join('\n', found.Select(f => Tooltip(f.Release, found.Count > 1 ? f.Node + ": " : ""))));
    }

    private static string Tooltip(Release release, string where) => string.Create(CultureInfo.InvariantCulture,
        $"{where}{release.StartedAt.LocalDateTime:yyyy-MM-dd HH:mm} by " +
        $"{release.Actor}{(release.Current ? ", current" : "")}{(release.RollbackOf is { } of ? $", back to {of}" : "")}: " +
        $"{ReleaseText.Images(release)}");
}
