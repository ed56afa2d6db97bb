using System.Globalization;
using Mcp.Core;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Output;

/// <summary>Releases as rows.</summary>
internal static class ReleaseTable
{
    /// <param name="withNode">More than one node is known, so that it matters which.</param>
    public static TableView Of(IEnumerable<(string Node, Release Release)> releases, DateTimeOffset now, bool withNode)
    {
        var table = new TableView(
            new("RELEASE", 100, RightAligned: true), new("", 99), new("OUTCOME", 95), new("WHEN", 80, RightAligned: true),
            new("TIME", 40, RightAligned: true), new("BY", 60),
            new("WHAT", 70), new("IMAGES", 50), new("NODE", 65), new("MESSAGE", 10));
        foreach (var (node, r) in releases)
        {
            table.Add(
                new TableCell(r.Number.ToString(CultureInfo.InvariantCulture), r.Current ? StateStyle.Strong : Style.Plain),
                r.Current ? new TableCell("current", StateStyle.Good) : "",
                new TableCell(StateText.Of(r.Outcome), StyleOf(r.Outcome)), RelativeTime.Ago(r.StartedAt, now),
                r.EndedAt is { } end ? RelativeTime.Elapsed(end - r.StartedAt) : "",
                r.Actor, What(r), Images(r), withNode ? node : "", new TableCell(Brief(r.Message), StateStyle.Off));
        }
        return table;
    }

    /// <summary>What failed, without the container's log tail; --json has all of it.</summary>
    private static string Brief(string message)
    {
        var line = OperationFailure.FirstLine(message);
        return line.Length <= BriefLength ? line : line[..BriefLength] + "...";
    }

    private const int BriefLength = 120;

    private static string What(Release r) => (r.RollbackOf is { } target
        ? string.Create(CultureInfo.InvariantCulture, $"rollback to {target}")
        : StateText.Of(r.Kind)) + (r.Component is { } component ? $" of {component}" : "");

    /// <summary>"web:v1 6bdcd8744e5a" each, as short as engines show them; --json has all of it.</summary>
    private static string Images(Release r) =>
        string.Join(", ", r.Images.Select(i => (i.Image, i.Digest)).Distinct().Select(i => $"{Name(i.Image)} {Short(i.Digest)}".TrimEnd()));

    private static string Name(string image) => ImageReference.TryParse(image) is { } reference
        ? reference.Name + (reference.Tag is { } tag ? ":" + tag : "")
        : image;

    private static string Short(string digest) =>
        digest.IndexOf(':', StringComparison.Ordinal) is var colon && digest.Length > colon + 13
            ? digest[(colon + 1)..(colon + 13)]
            : digest;

    private static Style StyleOf(ReleaseOutcome outcome) => outcome switch
    {
        ReleaseOutcome.Succeeded => StateStyle.Good,
        ReleaseOutcome.Running => StateStyle.Odd,
        _ => StateStyle.Bad,
    };
}
