namespace Mcp.Agent.Events;

/// <summary>Something that happened, before it is stored and gets its number and time.</summary>
/// <param name="Kind">One of <see cref="EventKinds"/>.</param>
/// <param name="Service">Empty: the node as a whole.</param>
/// <param name="Component">Empty: the service as a whole.</param>
/// <param name="From">State before, for a change of state.</param>
/// <param name="Actor">The token's name, for what a person did.</param>
internal sealed record AgentEvent(
    string Kind, string Message, string Service = "", string Component = "", string From = "", string To = "", string Actor = "");

/// <summary>How long events are kept.</summary>
internal sealed record EventOptions
{
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(90);

    public int MaxCount { get; init; } = 100_000;
}
