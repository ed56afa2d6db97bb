namespace Mcp.PowerShell;

/// <summary>How one node does: machine, engine, agent. Sizes are bytes.</summary>
public sealed record McpNodeStatus
{
    public required string Node { get; init; }

    public string Hostname { get; init; } = "";

    public string Os { get; init; } = "";

    public string Architecture { get; init; } = "";

    public string AgentVersion { get; init; } = "";

    public DateTime? AgentStarted { get; init; }

    public TimeSpan Uptime { get; init; }

    /// <summary>podman or docker; empty when it could not be asked.</summary>
    public string Engine { get; init; } = "";

    public string EngineVersion { get; init; } = "";

    /// <summary>Why the engine could not be asked; otherwise empty.</summary>
    public string EngineError { get; init; } = "";

    public int CpuCount { get; init; }

    /// <summary>Of all processors together, 0 to 100.</summary>
    public double CpuPercent { get; init; }

    /// <summary>1, 5 and 15 minutes; empty on Windows.</summary>
    public double[] Load { get; init; } = [];

    public long MemoryTotal { get; init; }

    public long MemoryAvailable { get; init; }

    public McpDisk[] Disks { get; init; } = [];

    public int Services { get; init; }

    public int Running { get; init; }

    public int Total { get; init; }

    public override string ToString() => Node;
}

public sealed record McpDisk
{
    public required string Node { get; init; }

    public required string Path { get; init; }

    /// <summary>"agent data" or "engine storage".</summary>
    public required string Purpose { get; init; }

    public long Total { get; init; }

    public long Available { get; init; }

    public override string ToString() => $"{Path} ({Purpose})";
}
