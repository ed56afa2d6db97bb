namespace Mcp.Core.Definitions;

/// <summary>How a component's container is replaced. Which one a deploy really takes, and why, its plan says.</summary>
public enum DeployStrategy
{
    /// <summary>Start-first where the component holds no host port, stop-first otherwise.</summary>
    Auto,

    /// <summary>The old container runs until the new one, on host ports of its own, is healthy.</summary>
    StartFirst,

    /// <summary>The old container is stopped and kept, the new one takes its host ports.</summary>
    StopFirst,
}
