using Mcp.Core.Definitions;

namespace Mcp.Core.Status;

/// <summary>A route and the host port that the agent took for it on the node's loopback address.</summary>
public sealed record RouteStatus
{
    public required string Service { get; init; }

    public required string Component { get; init; }

    /// <summary>Empty for a component's only route.</summary>
    public string Name { get; init; } = "";

    /// <summary>The external port on the ingress.</summary>
    public int Port { get; init; }

    public RouteMode Mode { get; init; }

    public string? Hostname { get; init; }

    public int HostPort { get; init; }
}
