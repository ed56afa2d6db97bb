using Mcp.Core.Collections;

namespace Mcp.Core.Planning;

/// <summary>How a deploy gets its images, and exactly which ones they must be.</summary>
public sealed record ImagePins
{
    public static readonly ImagePins None = new();

    public PullPolicy Pull { get; init; }

    /// <summary>Image reference as the definition has it -> what was checked or built: the digest in the image registry, or an image id
    /// ("sha256:..." both).</summary>
    public ValueMap Digests { get; init; } = ValueMap.Empty;

    /// <summary>For a plan alone, as nothing has been built yet: images (as the definition has them) that the deploy would build and push
    /// first.</summary>
    public ValueList<string> ToBePushed { get; init; } = [];

    /// <summary>For a plan alone: images that the deploy would first send to the node's engine.</summary>
    public ValueList<string> ToBeSent { get; init; } = [];
}

public enum PullPolicy
{
    /// <summary>What the node lacks, or has other than it was checked.</summary>
    Missing,

    Always,

    /// <summary>Nothing; an image that the node lacks is an error.</summary>
    Never,
}
