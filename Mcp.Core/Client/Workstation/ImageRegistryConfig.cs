using Mcp.Core.Collections;

namespace Mcp.Core.Client.Workstation;

/// <summary>[registry]: the image registry that images go through, and how this workstation talks to image registries at all.</summary>
public sealed record ImageRegistryConfig
{
    /// <summary>"registry.lan:5000" or "registry.lan/team": where images come from that a definition does not name in full; null when
    /// none is set.</summary>
    public Setting<string>? Address { get; init; }

    public Setting<ImageRegistryKind> Kind { get; init; } = new(ImageRegistryKind.Oci, Setting.Default);

    public ValueList<ImageRegistryHostConfig> Hosts { get; init; } = [];
}

public enum ImageRegistryKind
{
    /// <summary>Images are pushed to an image registry, and nodes pull them there.</summary>
    Oci,

    /// <summary>There is none: images go from the workstation's engine straight to the node's.</summary>
    None,
}

/// <summary>One [registry.hosts."HOST"] section.</summary>
/// <param name="Host">host[:port], as image references name it.</param>
/// <param name="Insecure">Plain HTTP is allowed and certificates are not checked.</param>
/// <param name="CaFile">Full path of a PEM file with CAs to trust besides the system's; null when none is set.</param>
public sealed record ImageRegistryHostConfig(string Host, bool Insecure, string? CaFile, string Source);
