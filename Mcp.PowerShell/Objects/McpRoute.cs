namespace Mcp.PowerShell;

/// <summary>A way in from outside, and the host port that the node's agent took for it.</summary>
public sealed record McpRoute
{
    public required string Service { get; init; }

    public required string Component { get; init; }

    public required string Node { get; init; }

    /// <summary>Empty for a component's only route.</summary>
    public string Route { get; init; } = "";

    /// <summary>The external port on the ingress.</summary>
    public int Port { get; init; }

    /// <summary>l4 (TLS passed through) or l7 (TLS terminated by the ingress).</summary>
    public string Mode { get; init; } = "";

    /// <summary>null: the ingress's own rule.</summary>
    public string? Hostname { get; init; }

    /// <summary>On the node's loopback address.</summary>
    public int HostPort { get; init; }

    public override string ToString() => $"{Service}/{Component}{(Route.Length > 0 ? ":" + Route : "")} -> {HostPort}";
}
