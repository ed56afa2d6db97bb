using Mcp.Core.Collections;

namespace Mcp.Core.Containers;

/// <summary>A container as the engine shows it. <see cref="IContainerRuntime.ListAsync"/> fills all of it but, where the engine's list does not tell, command, environment, user and restart policy.</summary>
public sealed record ContainerInfo
{
    public required string Id { get; init; }

    /// <summary>Without the leading '/' of the Docker API.</summary>
    public required string Name { get; init; }

    /// <summary>As it was asked for.</summary>
    public required string Image { get; init; }

    public string ImageId { get; init; } = "";

    public ContainerState State { get; init; }

    /// <summary>null while it runs or before it ever did.</summary>
    public int? ExitCode { get; init; }

    public bool OutOfMemory { get; init; }

    public int RestartCount { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public string? Network { get; init; }

    public string? User { get; init; }

    public string RestartPolicy { get; init; } = "";

    public ValueList<PortBinding> Ports { get; init; } = [];

    public ValueList<Mount> Mounts { get; init; } = [];

    public ValueList<string> Command { get; init; } = [];

    public ValueList<string> Environment { get; init; } = [];

    public ValueMap Labels { get; init; } = ValueMap.Empty;
}

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
