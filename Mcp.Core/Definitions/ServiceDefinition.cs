using Mcp.Core.Collections;

namespace Mcp.Core.Definitions;

/// <summary>The definition of one service: the content of one TOML file. Desired state, never observed state.</summary>
public sealed record ServiceDefinition
{
    public required string Name { get; init; }

    /// <summary>The node's name in the workstation's config; null goes to the only node there is.</summary>
    public string? Node { get; init; }

    /// <summary>false: deployed with desired state "stopped".</summary>
    public bool Active { get; init; } = true;

    /// <summary>Source directory relative to the workspace; null means <see cref="Name"/>.</summary>
    public string? Path { get; init; }

    /// <summary>The source directory that holds, whether said or not.</summary>
    public string SourcePath => Path ?? Name;

    /// <summary>The tag of images that name none; null when each says its own.</summary>
    public string? Version { get; init; }

    /// <summary>"core" or "worker": which nodes it may be placed on. Kept and shown; nothing acts on it yet.</summary>
    public string? Tier { get; init; }

    /// <summary>Image repository name (after the last '/', before the ':') to Dockerfile path.</summary>
    public ValueMap BuildImages { get; init; } = ValueMap.Empty;

    /// <summary>Build arguments of all these images, besides VERSION. Not for secrets: they can be read from the image.</summary>
    public ValueMap BuildArguments { get; init; } = ValueMap.Empty;

    public ValueList<ComponentDefinition> Components { get; init; } = [];
}
