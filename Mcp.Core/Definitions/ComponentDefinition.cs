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
    public string RestartPolicy => Kind == ComponentKind.Task ? "no" : Restart ?? DefaultRestart;

    /// <summary>null: no limit.</summary>
    public MemoryLimit? Memory { get; init; }

    public ValueList<PortMapping> Ports { get; init; } = [];

    public ValueList<VolumeMount> Volumes { get; init; } = [];

    public ValueList<string> Command { get; init; } = [];

    /// <summary>"KEY=VALUE" each.</summary>
    public ValueList<string> Environment { get; init; } = [];

    public ValueList<RouteDefinition> Routes { get; init; } = [];

    /// <summary>null: defaults, see <see cref="HealthDefinition"/>.</summary>
    public HealthDefinition? Health { get; init; }

    public ComponentKind Kind { get; init; }

    public DeployStrategy Strategy { get; init; }

    /// <summary>How long a replaced container keeps serving after the switch, in a start-first deploy; null: not at all.</summary>
    public TimeSpan? Drain { get; init; }

    /// <summary>How long the container may take to end before it is killed; null: <see cref="DefaultStopTimeout"/>.</summary>
    public TimeSpan? StopTimeout { get; init; }

    public static readonly TimeSpan DefaultStopTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Of a task: how long it may run before the deploy gives it up; null: <see cref="DefaultTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(10);

    /// <summary>The components of the same service that have to be good before this one starts.</summary>
    public ValueList<string> DependsOn { get; init; } = [];
}
