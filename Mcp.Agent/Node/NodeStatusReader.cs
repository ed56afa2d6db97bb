using System.Runtime.InteropServices;
using Mcp.Agent.Engine;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Status;

namespace Mcp.Agent.Node;

/// <summary>How this node does. An engine that is down is part of the answer, not an error: this is the call that people make to find that
/// out.</summary>
internal sealed class NodeStatusReader(
    IContainerRuntime runtime, EngineWatch engine, CpuSampler cpu, AgentIdentity agent, string dataDirectory)
{
    /// <returns>All but the counts of services and components, which the registry database knows.</returns>
    public async Task<NodeStatus> ReadAsync(CancellationToken cancellationToken)
    {
        var (info, error) = await AskEngineAsync(cancellationToken);
        var memory = Machine.Memory();
        return new()
        {
            Hostname = Environment.MachineName,
            Os = Machine.OsName(),
            Architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            AgentVersion = agent.Version,
            AgentStartedAt = agent.StartedAt,
            Uptime = Machine.Uptime(),
            EngineName = info?.Name ?? "",
            EngineVersion = info?.Version ?? "",
            EngineError = error,
            CpuCount = Environment.ProcessorCount,
            CpuPercent = cpu.Percent,
            Load = Machine.Load(),
            MemoryTotal = memory.Total,
            MemoryAvailable = memory.Available,
            Disks = DisksOf(info),
        };
    }

    private async Task<(EngineInfo? Info, string Error)> AskEngineAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await engine.PromptAsync(runtime.GetInfoAsync, cancellationToken), "");
        }
        catch (EngineException e)
        {
            return (null, $"{e.Message}; {e.Remedy}");
        }
    }

    private ValueList<DiskStatus> DisksOf(EngineInfo? info) => new[]
    {
        Disks.Read(dataDirectory, "agent data"),
        info?.StorageRoot is { } root ? Disks.Read(root, "engine storage") : null,
    }.OfType<DiskStatus>().ToValueList();
}
