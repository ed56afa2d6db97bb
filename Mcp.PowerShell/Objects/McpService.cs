namespace Mcp.PowerShell;

/// <summary>A deployed service on one node.</summary>
public sealed record McpService
{
    public required string Service { get; init; }

    public required string Node { get; init; }

    /// <summary>The worst of its components' states: running when all run, stopped when that is wanted and so, completed when there
    /// are only tasks that did their work, otherwise partial or the one state that they share.</summary>
    public required string State { get; init; }

    /// <summary>running or stopped.</summary>
    public required string Desired { get; init; }

    public int Running { get; init; }

    /// <summary>Components, without tasks.</summary>
    public int Total { get; init; }

    /// <summary>The version that all components have, or each one's, sorted, with commas.</summary>
    public string Version { get; init; } = "";

    public DateTime? Deployed { get; init; }

    /// <summary>Name of the token that deployed it.</summary>
    public string DeployedBy { get; init; } = "";

    public McpComponent[] Components { get; init; } = [];

    public override string ToString() => Service;
}
