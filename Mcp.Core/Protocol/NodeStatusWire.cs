using Google.Protobuf.WellKnownTypes;
using Mcp.Core.Collections;
using Mcp.Core.Status;
using Wire = Mcp.V1;

namespace Mcp.Core.Protocol;

/// <summary>A node's status to the wire and back.</summary>
public static class NodeStatusWire
{
    public static Wire.NodeStatus ToWire(this NodeStatus status) => new()
    {
        Hostname = status.Hostname,
        Os = status.Os,
        Architecture = status.Architecture,
        AgentVersion = status.AgentVersion,
        AgentStartedAt = status.AgentStartedAt.ToWire(),
        NodeUptime = Duration.FromTimeSpan(status.Uptime),
        EngineName = status.EngineName,
        EngineVersion = status.EngineVersion,
        EngineError = status.EngineError,
        CpuCount = status.CpuCount,
        CpuPercent = status.CpuPercent,
        Load = { status.Load },
        MemoryTotal = status.MemoryTotal,
        MemoryAvailable = status.MemoryAvailable,
        Disks =
            { status.Disks.Select(
                d => new Wire.DiskStatus { Path = d.Path, Purpose = d.Purpose, Total = d.Total, Available = d.Available }) },
        Services = status.Services,
        ComponentsRunning = status.ComponentsRunning,
        ComponentsTotal = status.ComponentsTotal,
    };

    public static NodeStatus ToStatus(this Wire.NodeStatus wire) => new()
    {
        Hostname = wire.Hostname,
        Os = wire.Os,
        Architecture = wire.Architecture,
        AgentVersion = wire.AgentVersion,
        AgentStartedAt = wire.AgentStartedAt.ToTime(),
        Uptime = wire.NodeUptime.ToDuration() ?? TimeSpan.Zero,
        EngineName = wire.EngineName,
        EngineVersion = wire.EngineVersion,
        EngineError = wire.EngineError,
        CpuCount = wire.CpuCount,
        CpuPercent = wire.CpuPercent,
        Load = wire.Load.ToValueList(),
        MemoryTotal = wire.MemoryTotal,
        MemoryAvailable = wire.MemoryAvailable,
        Disks = wire.Disks.Select(d => new DiskStatus(d.Path, d.Purpose, d.Total, d.Available)).ToValueList(),
        Services = wire.Services,
        ComponentsRunning = wire.ComponentsRunning,
        ComponentsTotal = wire.ComponentsTotal,
    };
}
