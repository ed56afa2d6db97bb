using Mcp.Core.Collections;

namespace Mcp.Core.Definitions;

/// <summary>One container of a service.</summary>
public sealed record ComponentDefinition
{
    public required string Name { get; init; }

    public required string Image { get; init; }

    /// <summary>Engine network; null is the engine's default.</summary>
    public string? Network { get; init; }

    /// <summary>"uid[:gid]" or names; null is the image's own.</summary>
    public string? User { get; init; }

    /// <summary>no, always, unless-stopped, on-failure or on-failure:N; null means unless-stopped.</summary>
    public string? Restart { get; init; }

    public const string DefaultRestart = "unless-stopped";

    /// <summary>The restart policy that holds, whether said or not.</summary>
    public string RestartPolicy => Restart ?? DefaultRestart;

    public ValueList<PortMapping> Ports { get; init; } = [];

    public ValueList<VolumeMount> Volumes { get; init; } = [];

    public ValueList<string> Command { get; init; } = [];

    /// <summary>"KEY=VALUE" each.</summary>
    public ValueList<string> Environment { get; init; } = [];

    public ValueList<RouteDefinition> Routes { get; init; } = [];

    /// <summary>null: defaults, see <see cref="HealthDefinition"/>.</summary>
    public HealthDefinition? Health { get; init; }
}
