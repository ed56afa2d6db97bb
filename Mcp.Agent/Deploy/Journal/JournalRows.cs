using System.Globalization;
using Mcp.Agent.Auth;
using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy.Journal;

internal sealed class OperationRow
{
    public string Id { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Service { get; init; } = "";
    public string? Component { get; init; }
    public string Actor { get; init; } = "";
    public string Role { get; init; } = "";
    public string Peer { get; init; } = "";
    public string StartedAt { get; init; } = "";
    public string ExpiresAt { get; init; } = "";
    public bool Recorded { get; init; }

    public string Message { get; init; } = "";

    public OpenOperation ToOperation(IEnumerable<StepRow> steps) => new(
        Id, StoredText.Value<OperationKind>(Kind), Service, Component, new(Actor, StoredText.Value<Role>(Role), Peer), StoredText.Time(StartedAt), StoredText.Time(ExpiresAt), Recorded, Message,
        steps.Select(s => s.ToStep()).ToValueList());
}

internal sealed class StepRow
{
    public int Position { get; init; }
    public string Action { get; init; } = "";
    public string Component { get; init; } = "";
    public string Container { get; init; } = "";
    public string? NameFrom { get; init; }
    public string? NameTo { get; init; }
    public long? Time { get; init; }
    public string After { get; init; } = "";
    public string Description { get; init; } = "";
    public string State { get; init; } = "";

    public JournalStep ToStep() => new(
        new()
        {
            Index = Position,
            Action = StoredText.Value<StepAction>(Action),
            Component = Component,
            Container = Container,
            Names = NameFrom is { } from && NameTo is { } to ? (from, to) : null,
            Time = StoredText.Span(Time),
            After = After.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(i => int.Parse(i, CultureInfo.InvariantCulture)).ToValueList(),
            Description = Description,
        },
        StoredText.Value<JournalState>(State));
}

internal sealed class EndRow
{
    public string StartedAt { get; init; } = "";
    public string EndedAt { get; init; } = "";
    public string Outcome { get; init; } = "";
    public string Message { get; init; } = "";
}
