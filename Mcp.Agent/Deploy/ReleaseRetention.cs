using System.Globalization;
using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>Keeps the newest good releases with their images, and forgets older ones with theirs. Nothing here fails a deploy that went well.</summary>
internal sealed class ReleaseRetention(ReleaseStore releases, IContainerRuntime runtime, DeployOptions options, ILogger<ReleaseRetention> log)
{
    /// <summary>Gives each image of a release a name of its own: an image whose tag has moved on has none any more, and would go with the next `podman image prune`.</summary>
    public static string NameOf(string service, string component, int release) =>
        string.Create(CultureInfo.InvariantCulture, $"localhost/mcp-release/{service}/{component}:{release}");

    /// <summary>After a deploy that went well.</summary>
    public async Task ApplyAsync(ReleaseDraft draft, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (component, id) in releases.Find(draft.Service, draft.Number)?.ImageIds ?? ValueMap.Empty)
                await runtime.TagImageAsync(id, NameOf(draft.Service, component, draft.Number), cancellationToken);
            foreach (var image in releases.Forget(draft.Service, options.KeepReleases))
                await ForgetAsync(draft.Service, image, cancellationToken);
        }
        catch (Exception e) when (e is EngineException or AgentException or OperationCanceledException)
        {
            log.LogWarning(e, "The images of {Service}'s releases could not be put in order; the next deploy tries again", draft.Service);
        }
    }

    private async Task ForgetAsync(string service, ForgottenImage image, CancellationToken cancellationToken)
    {
        await runtime.RemoveImageAsync(NameOf(service, image.Component, image.Release), cancellationToken);
        // The name in the definition may mean another image by now.
        if (image.IsUnused && (await runtime.InspectImageAsync(image.Reference, cancellationToken))?.Id == image.ImageId && await runtime.RemoveImageAsync(image.Reference, cancellationToken))
            log.LogInformation("Image {Image} of {Service} went with release {Release}", image.Reference, service, image.Release);
    }
}
