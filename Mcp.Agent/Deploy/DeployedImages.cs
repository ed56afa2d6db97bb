using Mcp.Core.Collections;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>Which image each reference of a deploy came to mean.</summary>
internal static class DeployedImages
{
    /// <param name="pins">What was checked: the digest to record where the engine knows several.</param>
    /// <param name="pulled">Weighs more than what was observed before.</param>
    public static IReadOnlyDictionary<string, DeployedImage> Of(ObservedService observed, ValueMap pins, IEnumerable<DeployedImage> pulled)
    {
        var images = observed.Images.ToDictionary(i => i.Key, i => Known(observed, i.Key, i.Value, pins.GetValueOrDefault(i.Key)));
        foreach (var image in pulled)
            images[image.Reference] = image;
        return images;
    }

    private static DeployedImage Known(ObservedService observed, string reference, string id, string? expected)
    {
        if (observed.DeployedImages.FirstOrDefault(i => i.Reference == reference && i.Id == id) is { } before
            && (expected is null || before.Digest == expected))
            return before;
        return DeployedImage.Of(reference, id, observed.RepoDigests.Where(d => d.Reference == reference).Select(d => d.RepoDigest),
            expected);
    }
}
