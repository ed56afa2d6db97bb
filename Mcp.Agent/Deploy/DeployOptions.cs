namespace Mcp.Agent.Deploy;

internal sealed record DeployOptions
{
    /// <summary>How long a started container must stay up to count as good.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a container may take to end before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
