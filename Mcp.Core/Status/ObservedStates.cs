using Mcp.Core.Containers;

namespace Mcp.Core.Status;

/// <summary>From the engine's word to the component's state.</summary>
public static class ObservedStates
{
    /// <param name="container">null: the engine was asked and has no such container.</param>
    public static ObservedState Of(ContainerInfo? container) => container is null ? ObservedState.Missing : Of(container.State);

    public static ObservedState Of(ContainerState state) => state switch
    {
        ContainerState.Created => ObservedState.Created,
        ContainerState.Running => ObservedState.Running,
        ContainerState.Restarting => ObservedState.Restarting,
        ContainerState.Paused => ObservedState.Paused,
        ContainerState.Exited => ObservedState.Exited,
        ContainerState.Dead => ObservedState.Dead,
        _ => ObservedState.Unknown,
    };
}
