using Mcp.Core.Definitions;

namespace Mcp.Core.Operations;

/// <summary>What a plan does to one component, in short.</summary>
/// <param name="Reason">"image v1 -> v2", "unchanged: skipped".</param>
/// <param name="Strategy">Start-first or stop-first where a container is replaced; null elsewhere.</param>
/// <param name="StrategyReason">Why this one; empty without a strategy.</param>
/// <param name="RunLine">The equivalent `podman run` of the container that is created, environment values hidden; empty when none
/// is.</param>
public sealed record ComponentPlan(
    string Component, ComponentChange Change, string Reason, DeployStrategy? Strategy = null, string StrategyReason = "",
    string RunLine = "");

public enum ComponentChange
{
    Unchanged,
    Create,
    Replace,
    Start,
    Stop,
    Remove,

    /// <summary>A task is run.</summary>
    Run,
    Restart,
}
