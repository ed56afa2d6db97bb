using Mcp.Agent.Registry;
using Mcp.Core.Containers;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>Keeps the newest good releases with their images, and forgets older ones with theirs. Nothing here fails a deploy that went
/// well.</summary>
internal sealed class ReleaseRetention(
    ReleaseStore releases, IContainerRuntime runtime, DeployOptions options, ILogger<ReleaseRetention> log)
{
    /// <summary>Each image of a kept release has a name of its own: one whose tag has moved on has none any more, and would go with the
    /// next `podman image prune`.</summary>
    /// <param name="imageId">"sha256:...".</param>
    public static string NameOf(string imageId) => "localhost/mcp-release:" + imageId["sha256:".Length..][..12];

    /// <summary>After a deploy that went well.</summary>
    public async Task ApplyAsync(NewRelease release, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var id in releases.ImageIds(release.Service, release.Number))
                await runtime.TagImageAsync(id, NameOf(id), cancellationToken);
            foreach (var image in releases.Forget(release.Service, options.KeepReleases).Where(i => i.IsUnused))
                await ForgetAsync(release.Service, image, cancellationToken);
        }
        catch (Exception e) when (e is EngineException or AgentException or OperationCanceledException)
        {
            log.LogWarning(e, "The images of {Service}'s releases could not be tagged and removed; the next deploy tries again",
                release.Service);
        }
    }

    private async Task ForgetAsync(string service, ForgottenImage image, CancellationToken cancellationToken)
    {
        await runtime.RemoveImageAsync(NameOf(image.ImageId), cancellationToken);
        // The name in the definition may mean another image by now.
        if ((await runtime.InspectImageAsync(image.Reference, cancellationToken))?.Id == image.ImageId
            && await runtime.RemoveImageAsync(image.Reference, cancellationToken))
            log.LogInformation("Image {Image} of {Service} went with release {Release}", image.Reference, service, image.Release);
    }
}
