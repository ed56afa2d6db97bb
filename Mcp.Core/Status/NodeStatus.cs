using Mcp.Core.Collections;

namespace Mcp.Core.Status;

/// <summary>How one node does: machine, engine and agent. Sizes are bytes.</summary>
public sealed record NodeStatus
{
    public string Hostname { get; init; } = "";

    public string Os { get; init; } = "";

    public string Architecture { get; init; } = "";

    public string AgentVersion { get; init; } = "";

    public DateTimeOffset? AgentStartedAt { get; init; }

    public TimeSpan Uptime { get; init; }

    /// <summary>podman or docker; empty when the engine could not be asked.</summary>
    public string EngineName { get; init; } = "";

    public string EngineVersion { get; init; } = "";

    /// <summary>Why the engine could not be asked, with a remedy; otherwise empty.</summary>
    public string EngineError { get; init; } = "";

    public int CpuCount { get; init; }

    /// <summary>Of all processors together, 0 to 100.</summary>
    public double CpuPercent { get; init; }

    /// <summary>1, 5 and 15 minutes; empty on Windows.</summary>
    public ValueList<double> Load { get; init; } = [];

    public long MemoryTotal { get; init; }

    public long MemoryAvailable { get; init; }

    public ValueList<DiskStatus> Disks { get; init; } = [];

    public int Services { get; init; }

    public int ComponentsRunning { get; init; }

    public int ComponentsTotal { get; init; }
}

/// <param name="Purpose">"agent data" or "engine storage".</param>
/// <param name="Total">Bytes.</param>
/// <param name="Available">Bytes.</param>
public sealed record DiskStatus(string Path, string Purpose, long Total, long Available);
