using System.Globalization;
using Mcp.Core.Status;
using Mcp.Core;

namespace Mcp.Cli.Output;

/// <summary>Components as rows.</summary>
internal static class ComponentTable
{
    private static readonly TableColumn Component = new("COMPONENT", 100);
    private static readonly TableColumn State = new("STATE", 95);
    private static readonly TableColumn Version = new("VERSION", 70);
    private static readonly TableColumn Since = new("SINCE", 60, RightAligned: true);
    private static readonly TableColumn Restarts = new("RESTARTS", 20, RightAligned: true);
    private static readonly TableColumn Digest = new("DIGEST", 15);
    private static readonly TableColumn Ports = new("PORTS", 50);
    private static readonly TableColumn Note = new("NOTE", 40);

    /// <summary>For one service, where its name stands elsewhere.</summary>
    public static TableView OfOneService(IEnumerable<ComponentStatus> components, DateTimeOffset now)
    {
        var table = new TableView(Component, State, Version, Digest, Since, Restarts, Ports, Note);
        foreach (var c in components)
            table.Add(
                c.Component, StateStyle.Cell(c), c.Version, DigestText(c), SinceText(c, now), RestartText(c), PortText(c),
                NoteCell(c, now));
        return table;
    }

    /// <summary>For components of several services and nodes, which <see cref="AddTo"/> adds.</summary>
    public static TableView OfFleet() =>
        new(new TableColumn("SERVICE", 99), Component, State, Version, Since, Ports, new TableColumn("NODE", 80), Note);

    /// <param name="withNode">More than one node is known, so that it matters which.</param>
    public static void AddTo(
        TableView table, IEnumerable<(string Node, ComponentStatus Status)> components, DateTimeOffset now, bool withNode)
    {
        foreach (var (node, c) in components)
            table.Add(
                c.Service, c.Component, StateStyle.Cell(c), c.Version, SinceText(c, now), PortText(c), withNode ? node : "",
                NoteCell(c, now));
    }

    /// <summary>As short as engines show it; --json has all of it.</summary>
    private static string DigestText(ComponentStatus c) =>
        c.Digest.IndexOf(':', StringComparison.Ordinal) is var colon && c.Digest.Length > colon + 13
            ? c.Digest[(colon + 1)..(colon + 13)]
            : c.Digest;

    private static string SinceText(ComponentStatus c, DateTimeOffset now) =>
        (c.State == ObservedState.Running ? c.StartedAt : c.FinishedAt) is { } at ? RelativeTime.Span(now - at) : "";

    private static string RestartText(ComponentStatus c) => c.RestartCount > 0 ? c.RestartCount.ToString(CultureInfo.InvariantCulture) : "";

    /// <summary>Routes by what they are for ("http 8443→31022", external port and the node's), then the other ports as the engine has
    /// them.</summary>
    private static string PortText(ComponentStatus c)
    {
        var routes = c.Routes.Select(r => $"{(r.Name.Length > 0 ? r.Name + " " : "")}{r.Port}→{r.HostPort}");
        var ofRoutes = c.Routes.Select(r => $"127.0.0.1:{r.HostPort}->").ToHashSet(StringComparer.Ordinal);
        var others = c.Ports.Where(p => !ofRoutes.Any(r => p.StartsWith(r, StringComparison.Ordinal)))
            .Select(
                p => p.Replace("->", "→", StringComparison.Ordinal).Replace("0.0.0.0:", "", StringComparison.Ordinal)
                    .Replace("/tcp", "", StringComparison.Ordinal));
        return string.Join(", ", routes.Concat(others).Distinct());
    }

    private static TableCell NoteCell(ComponentStatus c, DateTimeOffset now)
    {
        var notes = new List<string>();
        if (c.Flapping)
            notes.Add("flapping");
        if (c.DriftSince is { } since)
            notes.Add($"should be {StateText.Of(c.Desired)} for {RelativeTime.Span(now - since)}");
        if (c.Message.Length > 0)
            notes.Add(c.Message.ReplaceLineEndings(" "));
        return new(string.Join("; ", notes), StateStyle.Odd);
    }
}
