namespace Mcp.PowerShell;

/// <summary>Whether the audit of a node is as it was written.</summary>
public sealed record McpAuditCheck
{
    public required string Node { get; init; }

    public bool IsIntact { get; init; }

    public long Entries { get; init; }

    /// <summary>Of the oldest entry.</summary>
    public DateTime? From { get; init; }

    /// <summary>Of the newest entry.</summary>
    public DateTime? To { get; init; }

    /// <summary>Of the newest entry. Noted elsewhere, it shows later that nothing before it was changed.</summary>
    public string Hash { get; init; } = "";

    /// <summary>What is wrong; empty when nothing is.</summary>
    public string Problem { get; init; } = "";

    public override string ToString() => IsIntact ? $"{Node}: intact" : $"{Node}: {Problem}";
}
