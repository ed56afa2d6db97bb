using Mcp.Agent.Events;
using Mcp.Core.Collections;

namespace Mcp.Agent.Monitor;

internal sealed record MonitorOptions
{
    /// <summary>What the operator calls this node; alert commands are told.</summary>
    public string Node { get; init; } = "";

    /// <summary>Between two full comparisons; engine events are seen at once.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long observed may differ from desired before it is drift.</summary>
    public TimeSpan DriftAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>So many starts and ends within <see cref="FlappingWindow"/> are flapping: five is the third crash. It ends when a whole
    /// window was quiet.</summary>
    public int FlappingCount { get; init; } = 5;

    public TimeSpan FlappingWindow { get; init; } = TimeSpan.FromMinutes(10);

    public AlertOptions Alert { get; init; } = new();
}

internal sealed record AlertOptions
{
    /// <summary>Program and arguments, no shell; empty: no alerts.</summary>
    public ValueList<string> Command { get; init; } = [];

    /// <summary>It is killed when it takes longer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For one kind of event of one component, at most one alert in this time.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The kinds of events that are worth an alert.</summary>
    public ValueList<string> Kinds { get; init; } =
    [
        EventKinds.Drift, EventKinds.DriftEnded, EventKinds.Flapping, EventKinds.FlappingEnded, EventKinds.EngineLost,
            EventKinds.EngineBack,
    ];
}
