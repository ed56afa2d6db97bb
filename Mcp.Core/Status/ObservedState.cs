namespace Mcp.Core.Status;

/// <summary>What the engine says of a component's container when asked.</summary>
public enum ObservedState
{
    /// <summary>The engine could not be asked.</summary>
    Unknown,

    /// <summary>There is no such container.</summary>
    Missing,
    Created,
    Running,
    Restarting,
    Paused,
    Exited,
    Dead,
}
