namespace Mcp.Core.Client.Workstation;

/// <summary>What a caller's parameters say over environment and config file. Each with the name that the caller's users know it by:
/// <c>new("/src", "--workspace")</c>. Paths may be relative to the current directory.</summary>
public sealed record WorkstationOverrides
{
    public static WorkstationOverrides None { get; } = new();

    public Setting<string>? ServicesDirectory { get; init; }

    public Setting<string>? Workspace { get; init; }

    /// <summary>podman, docker, or the path of one of them.</summary>
    public Setting<string>? Engine { get; init; }

    /// <summary>The image registry's address.</summary>
    public Setting<string>? Registry { get; init; }

    /// <summary>"oci" or "none".</summary>
    public Setting<string>? RegistryKind { get; init; }
}
