using Mcp.Core.Images;

namespace Mcp.Core.Client.Images;

/// <summary>What came of asking about one image.</summary>
/// <param name="Digest">Set when it is there and the answer names one.</param>
/// <param name="Failure">Set when there was no answer.</param>
public sealed record ImageCheck(ImageNeed Need, ImagePresence Presence, string? Digest = null, ImageRegistryException? Failure = null);

public enum ImagePresence
{
    Present,
    Absent,

    /// <summary>The name belongs to no image registry.</summary>
    NotAsked,

    /// <summary>The image registry did not say.</summary>
    Unknown,
}
