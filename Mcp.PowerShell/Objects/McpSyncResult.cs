namespace Mcp.PowerShell;

/// <summary>What a sync did with one service.</summary>
public sealed record McpSyncResult
{
    public required string Service { get; init; }

    public required string Node { get; init; }

    /// <summary>unchanged, deployed, failed, rolled-back or unreachable; of a service that was left alone because no file puts it on that
    /// node: undefined (it has no file) or misplaced (its file names another node).</summary>
    public required string Outcome { get; init; }

    /// <summary>Why it is not as its definition says; empty when it is.</summary>
    public string Message { get; init; } = "";

    /// <summary>Images that were built, pushed or sent for it.</summary>
    public McpImage[] Images { get; init; } = [];

    public McpComponent[] Components { get; init; } = [];

    /// <summary>Empty when it did not get that far.</summary>
    public string OperationId { get; init; } = "";

    public TimeSpan Elapsed { get; init; }

    public override string ToString() => $"{Service} on {Node}: {Outcome}";
}
