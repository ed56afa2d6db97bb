using System.Collections.Concurrent;
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
        var images = FindAllAsync(wanted.Select(c => c.Image).Distinct(StringComparer.Ordinal), pins, cancellationToken);
        var listed = runtime.ListAsync(LabelsOf(service), cancellationToken);
        await Task.WhenAll(listed, images);
        var containers = await listed;
        var own = containers.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        await AtOnceAsync(
            wanted.Select(c => ContainerName.For(service, c.Name)).Where(n => !own.Contains(n)),
            (name, token) => RefuseTakenNameAsync(service, name, token), cancellationToken);
        var found = await images;
        return new ObservedService
        {
            Name = service,
            Deployed = stored is { Problem: "" } ? stored.Definition : null,
            Containers = containers.ToValueList(),
            Images = new ValueMap(found.ToDictionary(i => i.Reference, i => i.Image.Id)),
            RepoDigests = found.SelectMany(i => i.Image.RepoDigests.Select(d => new ImageDigest(i.Reference, d))).ToValueList(),
            DeployedImages = (stored?.Components.Select(c => c.Image).OfType<DeployedImage>() ?? []).ToValueList(),
        };
    }

    /// <summary>Those that the engine has.</summary>
    private async Task<IReadOnlyCollection<(string Reference, ImageInfo Image)>> FindAllAsync(
        IEnumerable<string> references, ValueMap pins, CancellationToken cancellationToken)
    {
        var found = new ConcurrentBag<(string, ImageInfo)>();
        await AtOnceAsync(references, async (reference, token) =>
        {
            if (await FindAsync(reference, pins.GetValueOrDefault(reference), token) is { } image)
                found.Add((reference, image));
        }, cancellationToken);
        return found;
    }

    private static Task AtOnceAsync(
        IEnumerable<string> items, Func<string, CancellationToken, Task> ask, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            items, new ParallelOptions { MaxDegreeOfParallelism = EngineSlots.Best, CancellationToken = cancellationToken },
            async (item, token) => await ask(item, token));

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

    private static Dictionary<string, string> LabelsOf(string service) =>
        new() { [ContainerLabels.Managed] = "true", [ContainerLabels.Service] = service };

    private async Task RefuseTakenNameAsync(string service, string name, CancellationToken cancellationToken)
    {
        // A deploy may have made the service's own container since the list was asked for: plans are made beside deploys.
        if (await runtime.InspectAsync(name, cancellationToken) is not { } other
            || LabelsOf(service).All(label => other.Labels.GetValueOrDefault(label.Key) == label.Value))
            return;
        var owner = other.Labels.TryGetValue(ContainerLabels.Service, out var its)
            ? $"belongs to service {its}"
            : "was not made by this agent";
        var image = other.Labels.GetValueOrDefault(ContainerLabels.Image) ?? other.Image;
        throw new AgentException(
            AgentError.NameTaken, $"the container name {name} is taken by a container (image {image}) that {owner}",
            $"rename or remove that container, or name the component otherwise");
    }
}
