using Mcp.Core.Collections;

namespace Mcp.Core.Containers;

/// <summary>A container as the engine shows it; a listing fills as much of it as an inspection.</summary>
public sealed record ContainerInfo
{
    public required string Id { get; init; }

    /// <summary>Without the leading '/' of the Docker API.</summary>
    public required string Name { get; init; }

    /// <summary>As given at creation.</summary>
    public required string Image { get; init; }

    public string ImageId { get; init; } = "";

    public ContainerState State { get; init; }

    /// <summary>null while it runs and before its first start.</summary>
    public int? ExitCode { get; init; }

    public bool OutOfMemory { get; init; }

    public int RestartCount { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>null while it runs.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>null: the engine's default network.</summary>
    public string? Network { get; init; }

    public string? User { get; init; }

    /// <summary>Whether it holds its host ports.</summary>
    public bool IsUp => State is ContainerState.Running or ContainerState.Restarting or ContainerState.Paused;

    public string RestartPolicy { get; init; } = "";

    public ValueList<PortBinding> Ports { get; init; } = [];

    /// <summary>Without options: the engines do not return them as they were given.</summary>
    public ValueList<Mount> Mounts { get; init; } = [];

    public ValueList<string> Command { get; init; } = [];

    /// <summary>As given at creation, with the image's own and what the engine adds.</summary>
    public ValueList<string> Environment { get; init; } = [];

    /// <summary>The image's among them.</summary>
    public ValueMap Labels { get; init; } = ValueMap.Empty;

    /// <summary>The image's HEALTHCHECK; null when it has none.</summary>
    public ContainerHealthCheck? HealthCheck { get; init; }
}

/// <param name="Command">What the check runs in the container.</param>
/// <param name="Status">starting, healthy or unhealthy as the engine sees it; podman without systemd never leaves "starting". Empty when it
/// does not tell.</param>
public sealed record ContainerHealthCheck(ValueList<string> Command, string Status);

public enum ContainerState
{
    Unknown,
    Created,
    Running,
    Restarting,
    Paused,
    Exited,
    Dead,
}
