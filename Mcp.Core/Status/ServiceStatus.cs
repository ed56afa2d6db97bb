using Mcp.Core.Collections;
using Mcp.Core.Definitions;

namespace Mcp.Core.Status;

/// <summary>A deployed service and how each of its components stands now.</summary>
public sealed record ServiceStatus
{
    public required string Name { get; init; }

    public bool Active { get; init; }

    public DateTimeOffset? DeployedAt { get; init; }

    /// <summary>Name of the token that deployed it.</summary>
    public string DeployedBy { get; init; } = "";

    public ValueList<ComponentStatus> Components { get; init; } = [];
}

/// <summary>A deployed service as the registry database has it; the engine was not asked.</summary>
public sealed record ServiceSummary(ServiceDefinition Definition, DateTimeOffset? DeployedAt, string DeployedBy);
