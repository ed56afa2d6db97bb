using Mcp.Core.Collections;

namespace Mcp.Core.Status;

/// <summary>Something that happened on a node, as stored.</summary>
/// <param name="Kind">state, drift, drift-ended, flapping, deployed, ...</param>
/// <param name="From">State before, for kind "state"; otherwise empty.</param>
/// <param name="Actor">Name of the token, for what a person did; otherwise empty.</param>
public sealed record EventEntry(
    long Id, DateTimeOffset At, string Service, string Component, string Kind, string From, string To, string Message, string Actor);

/// <summary>Which events are asked for. Lists hold wildcard patterns (*, ?,
/// [a-c]) that ignore case, of which one has to match; empty: all.</summary>
/// <param name="Service">null: all.</param>
/// <param name="Tail">Only the newest of those that match; null: all.</param>
public sealed record EventRequest(string? Service = null, DateTimeOffset? Since = null, int? Tail = null, bool Follow = false)
{
    public ValueList<string> Services { get; init; } = [];

    public ValueList<string> Components { get; init; } = [];

    public ValueList<string> Kinds { get; init; } = [];
}
