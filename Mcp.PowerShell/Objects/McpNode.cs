namespace Mcp.PowerShell;

/// <summary>A node in the workstation's config; the node was not contacted.</summary>
public sealed record McpNode
{
    public required string Node { get; init; }

    /// <summary>host:port. Not called Address, as an array has a method of that name, which would hide it in
    /// (Get-McpNode).Address.</summary>
    public required string Endpoint { get; init; }

    /// <summary>How the agent proves itself: fingerprint, ca or system.</summary>
    public required string Trust { get; init; }

    public string? Fingerprint { get; init; }

    public string? CaCertificate { get; init; }

    /// <summary>File and line.</summary>
    public string Source { get; init; } = "";

    public override string ToString() => Node;
}
