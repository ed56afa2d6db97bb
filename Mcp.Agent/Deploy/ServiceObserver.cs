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
        var listed = runtime.ListAsync(
            new Dictionary<string, string> { [ContainerLabels.Managed] = "true", [ContainerLabels.Service] = service }, cancellationToken);
        await Task.WhenAll(listed, images);
        var containers = await listed;
        var own = containers.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        await AtOnceAsync(
            wanted.Select(c => ContainerName.For(service, c.Name)).Where(n => !own.Contains(n)), RefuseTakenNameAsync, cancellationToken);
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

    private async Task RefuseTakenNameAsync(string name, CancellationToken cancellationToken)
    {
        if (await runtime.InspectAsync(name, cancellationToken) is not { } other)
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
