using Mcp.Core.Definitions;

namespace Mcp.Agent.Deploy;

internal sealed record DeployOptions
{
    /// <summary>How long a started container must stay up to count as good, where its definition neither says so nor has a probe.</summary>
    public TimeSpan StayUp { get; init; } = HealthDefinition.DefaultStayUp;

    /// <summary>How long a container may take to end before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
