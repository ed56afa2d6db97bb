using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>A pulled image.</summary>
/// <param name="Note">What people should know of it; empty when all is as expected.</param>
internal sealed record PulledImage(DeployedImage Image, string Note);

/// <summary>Pulls, and makes sure that what came is what was checked: between the check and the pull a tag may have moved.</summary>
internal sealed class ImagePuller(IContainerRuntime runtime)
{
    public async Task<PulledImage> PullAsync(
        string reference, string? expected, IProgress<string> progress, CancellationToken cancellationToken)
    {
        // "localhost/..." names no registry: such an image is on the node or nowhere.
        var name = ImageReference.TryParse(reference);
        if (name?.Registry == "localhost")
            throw new EngineException(
                EngineError.ImageNotFound, $"image {reference} is not on this node, and its name says that no registry has it",
                "send it to the node (`mcp image send`), build it there, or push it to a registry and name that in the definition");
        await runtime.PullAsync(reference, progress, cancellationToken);
        var image = await FindAsync(reference, cancellationToken);
        if (expected is null || image.Is(expected))
            return new(DeployedImage.Of(reference, image.Id, image.RepoDigests, expected), "");

        var actual = DeployedImage.Of(reference, image.Id, image.RepoDigests, null).Digest;
        var moved = $"{reference} moved: {expected} -> {actual} since it was checked";
        var exact = (name! with { Tag = null, Digest = expected }).ToString();
        try
        {
            await runtime.PullAsync(exact, progress, cancellationToken);
            var wanted = await FindAsync(exact, cancellationToken);
            return new(DeployedImage.Of(reference, wanted.Id, wanted.RepoDigests, expected), $"{moved}; what was checked is deployed");
        }
        catch (EngineException e)
        {
            throw new EngineException(e.Error, $"{moved}, and the image that was checked is no longer available: {e.Message}",
                "deploy again: the image of the tag is checked again", e);
        }
    }

    private async Task<ImageInfo> FindAsync(string reference, CancellationToken cancellationToken) =>
        await runtime.InspectImageAsync(reference, cancellationToken)
        ?? throw new EngineException(EngineError.ImageNotFound, $"image {reference} was pulled, but no longer exists",
            "see whether something prunes images on the node, then deploy again");
}
