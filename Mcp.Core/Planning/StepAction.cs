namespace Mcp.Core.Planning;

/// <summary>What one step of a plan does to one container (or, for <see cref="Record"/>, to the registry database).</summary>
public enum StepAction
{
    /// <summary>Pulls an image that the engine lacks.</summary>
    Pull,

    /// <summary>Gives a container another name: the old one before a stop-first deploy, so that the new one can have its own; the new one
    /// at the end of a start-first one.</summary>
    Rename,

    Create,

    Stop,

    Start,

    /// <summary>Watches a started container until it is known to be good or bad.</summary>
    Verify,

    /// <summary>Waits until a task has ended.</summary>
    Complete,

    /// <summary>Has requests go to the new container.</summary>
    Switch,

    /// <summary>Stores the outcome. What stands before it can be undone, what stands after it is cleaning up.</summary>
    Record,

    /// <summary>Leaves a replaced container time to end what it is at.</summary>
    Drain,

    Remove,
}
