namespace Mcp.PowerShell;

/// <summary>An action on a node that was carried out, refused or denied.</summary>
public sealed record McpAuditEntry
{
    public long Id { get; init; }

    public DateTime Time { get; init; }

    public required string Node { get; init; }

    /// <summary>Name of the token.</summary>
    public required string Actor { get; init; }

    /// <summary>viewer, operator or admin.</summary>
    public string Role { get; init; } = "";

    /// <summary>The caller's address, also of what the agent had to finish later.</summary>
    public string From { get; init; } = "";

    /// <summary>deploy, rollback, undeploy, start, stop, restart, send-layer (failures only), load-image.</summary>
    public required string Action { get; init; }

    public string Service { get; init; } = "";

    public string Component { get; init; } = "";

    /// <summary>succeeded, failed, rolled-back, refused (nothing was touched) or denied (the role did not allow it).</summary>
    public required string Outcome { get; init; }

    /// <summary>Why, when it did not succeed.</summary>
    public string Message { get; init; } = "";

    public string OperationId { get; init; } = "";

    public override string ToString() => $"{Actor}: {Action} {Service}{(Component.Length > 0 ? "/" + Component : "")}: {Outcome}";
}
