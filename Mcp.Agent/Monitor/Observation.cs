using Mcp.Core.Containers;
using Mcp.Core.Status;

namespace Mcp.Agent.Monitor;

/// <summary>A component's container as the engine showed it at one moment.</summary>
internal sealed record Observation(
    ObservedState State, DateTimeOffset At, string? ContainerId = null, int? ExitCode = null, bool OutOfMemory = false)
{
    /// <param name="container">null: there is none.</param>
    public static Observation Of(ContainerInfo? container, DateTimeOffset at) => container is null
        ? new(ObservedState.Missing, at)
        : new(ObservedStates.Of(container), at, container.Id, container.ExitCode, container.OutOfMemory);

    /// <summary>null when the event says nothing about the state.</summary>
    public static Observation? Of(ContainerEvent happened) => happened.Action switch
    {
        "start" or "unpause" => new(ObservedState.Running, happened.At, happened.ContainerId),
        "pause" => new(ObservedState.Paused, happened.At, happened.ContainerId),
        "die" => new(ObservedState.Exited, happened.At, happened.ContainerId, happened.ExitCode),
        _ => null,
    };

    /// <summary>"exited (exit code 137, out of memory)".</summary>
    public override string ToString()
    {
        var state = State.ToString().ToLowerInvariant();
        if (State is not (ObservedState.Exited or ObservedState.Dead or ObservedState.Restarting))
            return state;
        return (ExitCode, OutOfMemory) switch
        {
            ({ } code, true) => $"{state} (exit code {code}, out of memory)",
            ({ } code, false) => $"{state} (exit code {code})",
            (null, true) => $"{state} (out of memory)",
            _ => state,
        };
    }
}
