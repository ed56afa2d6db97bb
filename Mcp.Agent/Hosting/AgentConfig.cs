using System.Net;
using Mcp.Agent.Audit;
using Mcp.Agent.Deploy;
using Mcp.Agent.Events;
using Mcp.Agent.Monitor;
using Mcp.Agent.Ports;
using Mcp.Agent.Registry;
using Mcp.Core.Collections;

namespace Mcp.Agent.Hosting;

/// <summary>The settings of agent.toml, with defaults for those that are missing.</summary>
internal sealed record AgentConfig
{
    /// <summary>The node's name, as alerts show it.</summary>
    public string Name { get; init; } = Environment.MachineName.ToLowerInvariant();

    public required string DataDirectory { get; init; }

    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, AgentPaths.DefaultPort);

    public TlsConfig Tls { get; init; } = new();

    public LimitsConfig Limits { get; init; } = new();

    public EngineConfig Engine { get; init; } = new();

    public PortOptions Ports { get; init; } = new();

    public DeployOptions Deploy { get; init; } = new();

    public MonitorOptions Monitor { get; init; } = new();

    public EventOptions Events { get; init; } = new();

    /// <summary>Bytes that layers which belong to no image yet may take together.</summary>
    public long IncomingLayers { get; init; } = 20L * 1024 * 1024 * 1024;

    public AuditOptions Audit { get; init; } = new();

    public CopyOptions Copies { get; init; } = new();

    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}

/// <param name="Certificate">PEM file; null together with <paramref name="Key"/>: the agent makes its own.</param>
internal sealed record TlsConfig(string? Certificate = null, string? Key = null)
{
    /// <summary>Further names and addresses for the agent's own certificate.</summary>
    public ValueList<string> Names { get; init; } = [];
}

/// <param name="Kind">podman or docker; null: whichever is found.</param>
/// <param name="Socket">Path or unix:// or npipe:// address; null: the default places.</param>
internal sealed record EngineConfig(string? Kind = null, string? Socket = null);
