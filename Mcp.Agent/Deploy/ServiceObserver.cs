using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>Observes a service at the engine; the planner decides on the result.</summary>
internal sealed class ServiceObserver(IContainerRuntime runtime)
{
    /// <param name="wanted">The components whose images and names matter.</param>
    /// <param name="pins">Image reference to the digest or id required for it, for those where it is known.</param>
    public async Task<ObservedService> ObserveAsync(
        string service, StoredService? stored, IReadOnlyList<ComponentDefinition> wanted, ValueMap pins,
            CancellationToken cancellationToken)
    {
        var containers = await runtime.ListAsync(
            new Dictionary<string, string> { [ContainerLabels.Managed] = "true", [ContainerLabels.Service] = service }, cancellationToken);
        foreach (var component in wanted)
            await RefuseTakenNameAsync(ContainerName.For(service, component.Name), containers, cancellationToken);

        var images = new Dictionary<string, string>();
        var digests = new List<ImageDigest>();
        foreach (var image in wanted.Select(c => c.Image).Distinct(StringComparer.Ordinal))
            if (await FindAsync(image, pins.GetValueOrDefault(image), cancellationToken) is { } found)
            {
                images[image] = found.Id;
                digests.AddRange(found.RepoDigests.Select(d => new ImageDigest(image, d)));
            }
        return new ObservedService
        {
            Name = service,
            Deployed = stored is { Problem: "" } ? stored.Definition : null,
            Containers = containers.ToValueList(),
            Images = new ValueMap(images),
            RepoDigests = digests.ToValueList(),
            DeployedImages = (stored?.Components.Select(c => c.Image).OfType<DeployedImage>() ?? []).ToValueList(),
        };
    }

    /// <summary>What the reference means to the engine, or, where that is another, the very image that is wanted, if the engine has that
    /// too.</summary>
    private async Task<ImageInfo?> FindAsync(string reference, string? wanted, CancellationToken cancellationToken)
    {
        var named = await runtime.InspectImageAsync(reference, cancellationToken);
        if (string.IsNullOrEmpty(wanted) || named?.Is(wanted) == true)
            return named;
        var name = ImageReference.TryParse(reference)! with { Tag = null, Digest = wanted };
        return await runtime.InspectImageAsync(wanted, cancellationToken)
            ?? (name.Registry is null or "localhost" ? null : await runtime.InspectImageAsync(name.ToString(), cancellationToken))
            ?? named;
    }

    private async Task RefuseTakenNameAsync(string name, IReadOnlyList<ContainerInfo> own, CancellationToken cancellationToken)
    {
        if (own.Any(c => c.Name == name) || await runtime.InspectAsync(name, cancellationToken) is not { } other)
            return;
        var owner = other.Labels.TryGetValue(ContainerLabels.Service, out var service)
            ? $"belongs to service {service}"
            : "was not made by this agent";
        var image = other.Labels.GetValueOrDefault(ContainerLabels.Image) ?? other.Image;
        throw new AgentException(
            AgentError.NameTaken, $"the container name {name} is taken by a container (image {image}) that {owner}",
            $"rename or remove that container, or name the component otherwise");
    }
}
