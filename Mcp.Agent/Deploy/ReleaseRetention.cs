using Mcp.Agent.Ownership;
using Mcp.Agent.Registry;
using Mcp.Core.Containers;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>Keeps the newest good releases with their images, and forgets older ones with theirs. Nothing here fails a deploy that went
/// well.</summary>
internal sealed class ReleaseRetention(
    ReleaseStore releases, IContainerRuntime runtime, Owner agent, DeployOptions options, ILogger<ReleaseRetention> log)
{
    private const string Repository = "mcp-release";

    /// <summary>Each image of a kept release has a name of its own: one whose tag has moved on has none any more, and would go with the
    /// next `podman image prune`. Another agent that keeps the same image has a name of its own for it.</summary>
    /// <param name="imageId">"sha256:...".</param>
    public string NameOf(string imageId) => $"localhost/{Repository}/{agent.Id}:{Short(imageId)}";

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
        // As agents named it that had no id.
        await runtime.RemoveImageAsync($"localhost/{Repository}:{Short(image.ImageId)}", cancellationToken);
        // The name in the definition may mean another image by now, and another agent may keep the image.
        if (await runtime.InspectImageAsync(image.Reference, cancellationToken) is { } found && found.Id == image.ImageId
            && !found.Tags.Any(t => t.Contains(Repository + "/", StringComparison.Ordinal))
            && await runtime.RemoveImageAsync(image.Reference, cancellationToken))
            log.LogInformation("Image {Image} of {Service} went with release {Release}", image.Reference, service, image.Release);
    }

    private static string Short(string imageId) => imageId["sha256:".Length..][..12];
}
