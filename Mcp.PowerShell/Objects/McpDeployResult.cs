namespace Mcp.PowerShell;

/// <summary>What one deploy came to.</summary>
public sealed record McpDeployResult
{
    public required string Service { get; init; }

    public required string Node { get; init; }

    /// <summary>succeeded, failed or rolled-back.</summary>
    public required string Outcome { get; init; }

    /// <summary>The number that it has in Get-McpRelease; null when it never began.</summary>
    public int? Release { get; init; }

    public required string OperationId { get; init; }

    public TimeSpan Elapsed { get; init; }

    /// <summary>Images that were built, pushed or sent before the node was asked.</summary>
    public McpImage[] Images { get; init; } = [];

    public McpStep[] Steps { get; init; } = [];

    public McpComponent[] Components { get; init; } = [];

    public string[] Warnings { get; init; } = [];

    public override string ToString() => $"{Service} on {Node}: {Outcome}";
}

/// <summary>One step of an operation.</summary>
public sealed record McpStep
{
    public required int Index { get; init; }

    public required string Component { get; init; }

    /// <summary>pull, create, start, ...</summary>
    public required string Action { get; init; }

    public required string Description { get; init; }

    public string Reason { get; init; } = "";

    /// <summary>The equivalent `podman run`, on the step that creates a container; environment values hidden.</summary>
    public string RunLine { get; init; } = "";

    /// <summary>pending, running, done, failed, skipped or rolled-back.</summary>
    public string State { get; init; } = "pending";

    public TimeSpan Elapsed { get; init; }

    public override string ToString() => $"{Action} {Component}: {State}";
}
