using Mcp.Core.Definitions;

namespace Mcp.Agent.Deploy;

internal sealed record DeployOptions
{
    /// <summary>How long a started container must stay up to count as good, where its definition neither says so nor has a probe.</summary>
    public TimeSpan StayUp { get; init; } = HealthDefinition.DefaultStayUp;

    /// <summary>How many good releases of each service are kept, with their images; what is older is forgotten.</summary>
    public int KeepReleases { get; init; } = 10;
}
