namespace Mcp.Core.Definitions;

/// <summary>A way in from outside: the agent takes a host port for it, and the container listens on that same number.</summary>
public sealed record RouteDefinition
{
    /// <summary>Empty for a component's only route (the container gets PORT); otherwise it gets PORT_NAME.</summary>
    public string Name { get; init; } = "";

    /// <summary>PORT, or PORT_NAME in upper case with '_' for '-': the variable that tells the container its port. A component's only
    /// route has PORT in any case, next to PORT_NAME when it is named.</summary>
    public string PortVariable => Name.Length == 0 ? "PORT" : "PORT_" + Name.ToUpperInvariant().Replace('-', '_');

    /// <summary>The external port on the ingress, 1-65535.</summary>
    public required int Port { get; init; }

    public RouteMode Mode { get; init; } = RouteMode.L4;

    /// <summary>null: the ingress's own rule, service.zone.</summary>
    public string? Hostname { get; init; }

    /// <summary>An edge node serves it as well. Kept and shown; nothing acts on it yet.</summary>
    public bool Public { get; init; }
}

public enum RouteMode
{
    /// <summary>TLS passed through.</summary>
    L4,

    /// <summary>TLS terminated by the ingress.</summary>
    L7,
}
