namespace Mcp.Core.Status;

/// <summary>Desired state of a component; kept in the agent's registry database.</summary>
public enum DesiredState
{
    Running,
    Stopped,

    /// <summary>Of a task: ended with exit code 0.</summary>
    Completed,
}
