using System.Runtime.InteropServices;
using Mcp.Agent.Engine;
using Mcp.Core;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Status;

namespace Mcp.Agent.Node;

/// <summary>How this node does. An engine that is down is part of the answer, not an error: this is the call that people make to find that
/// out.</summary>
internal sealed class NodeStatusReader(
    IContainerRuntime runtime, EngineWatch engine, CpuSampler cpu, AgentIdentity agent, string dataDirectory, TimeProvider time)
{
    /// <summary>podman looks up the packages of all its helpers for what it tells of itself, which takes seconds on a busy
    /// machine.</summary>
    private static readonly TimeSpan ToldFor = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private volatile Told? _told;

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
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            if (_told is { } recent && time.GetUtcNow() - recent.At < ToldFor)
            {
                // One that is down or hangs must not go unnoticed.
                await engine.PromptAsync(runtime.GetNameAsync, cancellationToken);
                return (recent.Info, "");
            }
            var info = await engine.PromptAsync(runtime.GetInfoAsync, either.Token);
            _told = new(info, time.GetUtcNow());
            return (info, "");
        }
        catch (EngineException e)
        {
            return (null, $"{e.Message}; {e.Remedy}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return _told is { } before ? (before.Info, "")
                : (null, $"the container engine is busy: it did not tell about itself within {DurationText.Of(Patience)}; try again later");
        }
    }

    private sealed record Told(EngineInfo Info, DateTimeOffset At);

    private ValueList<DiskStatus> DisksOf(EngineInfo? info) => new[]
    {
        Disks.Read(dataDirectory, "agent data"),
        info?.StorageRoot is { } root ? Disks.Read(root, "engine storage") : null,
    }.OfType<DiskStatus>().ToValueList();
}
