namespace Mcp.Core.Planning;

/// <summary>What one step of a plan does to one container (or, for <see cref="Record"/>, to the registry database).</summary>
public enum StepAction
{
    /// <summary>Brings an image that the engine lacks.</summary>
    Pull,

    /// <summary>Gives the old container another name, so that the new one can have its own.</summary>
    Rename,

    Create,

    Stop,

    Start,

    /// <summary>Watches a started container until it is known to be good or bad.</summary>
    Verify,

    /// <summary>Stores the outcome. What stands before it can be undone, what stands after it is cleaning up.</summary>
    Record,

    Remove,
}
