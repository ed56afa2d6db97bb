namespace Mcp.Core.Containers;

/// <param name="Name">podman or docker.</param>
/// <param name="StorageRoot">Where images and containers are kept, for the disk figure; null when the engine does not tell.</param>
public sealed record EngineInfo(string Name, string Version, string ApiVersion, string? StorageRoot);

/// <param name="Id">"sha256:...".</param>
/// <param name="RepoDigests">"registry/img@sha256:..." for each registry it came from or went to.</param>
/// <param name="Size">Bytes.</param>
public sealed record ImageInfo(string Id, IReadOnlyList<string> Tags, IReadOnlyList<string> RepoDigests, long Size,
    DateTimeOffset CreatedAt, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Digests of the unpacked layers, bottom first.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>True for "sha256:..." that is this image's id, or by which an image registry knows it.</summary>
    public bool Is(string digest) => Id == digest || RepoDigests.Any(d => d.EndsWith("@" + digest, StringComparison.Ordinal));
}

/// <param name="Tail">Last lines only; null: all.</param>
public sealed record LogQuery(int? Tail = null, DateTimeOffset? Since = null, bool Follow = false);

/// <param name="Text">Without the line end.</param>
public sealed record ContainerLogLine(DateTimeOffset At, bool IsError, string Text);

/// <param name="Action">create, start, die, stop, kill, remove, rename, oom, pause, unpause, health_status, ... with podman's and docker's
/// spellings made one.</param>
/// <param name="Attributes">The engine's own, labels among them.</param>
public sealed record ContainerEvent(DateTimeOffset At, string Action, string ContainerId, string ContainerName, int? ExitCode,
    IReadOnlyDictionary<string, string> Attributes);
