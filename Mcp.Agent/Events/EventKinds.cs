namespace Mcp.Agent.Events;

/// <summary>What can happen. The words are stored, sent and given to alert commands, so they never change.</summary>
internal static class EventKinds
{
    public const string State = "state";
    public const string Drift = "drift";
    public const string DriftEnded = "drift-ended";
    public const string Flapping = "flapping";
    public const string FlappingEnded = "flapping-ended";
    public const string EngineLost = "engine-lost";
    public const string EngineBack = "engine-back";
    public const string Orphan = "orphan";
    public const string EngineRestarted = "engine-restarted";
    public const string Alert = "alert";
    public const string AlertFailed = "alert-failed";
    public const string Deployed = "deployed";
    public const string DeployFailed = "deploy-failed";
    public const string RolledBack = "rolled-back";
    public const string Undeployed = "undeployed";
    public const string Started = "started";
    public const string Stopped = "stopped";
    public const string Restarted = "restarted";
    public const string ImageReceived = "image-received";

    public static IReadOnlyList<string> All { get; } =
    [
        State, Drift, DriftEnded, Flapping, FlappingEnded, EngineLost, EngineBack, EngineRestarted, Orphan, Alert, AlertFailed, Deployed,
        DeployFailed, RolledBack, Undeployed, Started, Stopped, Restarted, ImageReceived,
    ];
}
