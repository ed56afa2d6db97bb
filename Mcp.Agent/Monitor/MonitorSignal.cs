using Mcp.Core.Containers;

namespace Mcp.Agent.Monitor;

/// <summary>What makes the monitor's loop turn.</summary>
internal abstract record MonitorSignal
{
    public sealed record Sweep : MonitorSignal;

    public sealed record EngineHappened(ContainerEvent Event) : MonitorSignal;

    public sealed record OperationEnded(string Service) : MonitorSignal;
}
