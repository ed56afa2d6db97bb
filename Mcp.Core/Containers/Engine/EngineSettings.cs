namespace Mcp.Core.Containers.Engine;

/// <summary>Which engine to use, as configured. The defaults find one by themselves.</summary>
public sealed record EngineSettings
{
    public EngineKind Kind { get; init; }

    /// <summary>"unix:///run/x.sock", "npipe:////./pipe/x" or a plain path; null: look where engines usually listen.</summary>
    public string? Socket { get; init; }

    /// <summary>Where our own podman service keeps socket and process id, in a folder "engine".</summary>
    public required string DataDirectory { get; init; }
}

public enum EngineKind
{
    Auto,
    Podman,
    Docker,
}
