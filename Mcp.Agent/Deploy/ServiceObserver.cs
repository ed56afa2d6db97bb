using System.Collections.Concurrent;
using Mcp.Agent.Ownership;
using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>Observes a service at the engine; the planner decides on the result.</summary>
internal sealed class ServiceObserver(IContainerRuntime runtime, OwnContainers containers)
{
    /// <param name="wanted">The components whose images and names matter.</param>
    /// <param name="pins">Image reference to the digest or id required for it, for those where it is known.</param>
    /// <param name="takeOver">Observe also the containers that others made for these components, instead of refusing them.</param>
    /// <exception cref="AgentException">The name of a wanted component's container is taken.</exception>
    public async Task<ObservedService> ObserveAsync(
        string service, StoredService? stored, IReadOnlyList<ComponentDefinition> wanted, ValueMap pins, bool takeOver,
            CancellationToken cancellationToken)
    {
        var images = FindAllAsync(wanted.Select(c => c.Image).Distinct(StringComparer.Ordinal), pins, cancellationToken);
        var listed = containers.ListAsync(service, cancellationToken);
        await Task.WhenAll(listed, images);
        var (own, others) = await listed;
        var taken = await FindTakenAsync(service, wanted, own, cancellationToken);
        List<ContainerInfo> takenOver = takeOver ? TakeOver(service, wanted, taken, others) : [];
        RefuseTaken(service, taken.Where(t => !takenOver.Exists(c => c.Id == t.Container.Id)));
        var found = await images;
        return new ObservedService
        {
            Name = service,
            Deployed = stored is { Problem: "" } ? stored.Definition : null,
            Containers = [.. own, .. takenOver],
            TakenOver = new ValueMap(takenOver.Select(c => KeyValuePair.Create(c.Id, containers.OwnerOf(c)))),
            LeftAlone = others.ExceptBy(takenOver.Select(c => c.Id), c => c.Id)
                .Select(c => $"container {c.Name} of {service} {containers.OwnerOf(c)}; it is left alone").ToValueList(),
            Images = new ValueMap(found.ToDictionary(i => i.Reference, i => i.Image.Id)),
            RepoDigests = found.SelectMany(i => i.Image.RepoDigests.Select(d => new ImageDigest(i.Reference, d))).ToValueList(),
            DeployedImages = (stored?.Components.Select(c => c.Image).OfType<DeployedImage>() ?? []).ToValueList(),
        };
    }

    /// <exception cref="AgentException">The name of a component's container is taken.</exception>
    public async Task RefuseTakenAsync(
        string service, IReadOnlyList<ComponentDefinition> components, IReadOnlyList<ContainerInfo> own,
        CancellationToken cancellationToken) =>
        RefuseTaken(service, await FindTakenAsync(service, components, own, cancellationToken));

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

    /// <summary>The components whose container's name another container has.</summary>
    private async Task<IReadOnlyCollection<(string Component, ContainerInfo Container)>> FindTakenAsync(
        string service, IReadOnlyList<ComponentDefinition> wanted, IReadOnlyList<ContainerInfo> own, CancellationToken cancellationToken)
    {
        var names = own.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        var taken = new ConcurrentBag<(string, ContainerInfo)>();
        await AtOnceAsync(wanted.Select(c => c.Name).Where(c => !names.Contains(ContainerName.For(service, c))), async (component, token) =>
        {
            // A deploy may have made the service's own container since the list was asked for: plans are made beside deploys.
            if (await runtime.InspectAsync(ContainerName.For(service, component), token) is { } other
                && !(containers.IsOwn(other.Labels) && other.Labels.GetValueOrDefault(ContainerLabels.Service) == service))
                taken.Add((component, other));
        }, cancellationToken);
        return taken;
    }

    /// <summary>What others have made under the names of the components, and beside those. Another service of this agent keeps
    /// its own.</summary>
    private List<ContainerInfo> TakeOver(
        string service, IReadOnlyList<ComponentDefinition> wanted, IReadOnlyCollection<(string Component, ContainerInfo Container)> taken,
        IReadOnlyList<ContainerInfo> others)
    {
        var components = wanted.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        // A container that no agent made has no labels: they tell the planner what it is to be taken for.
        var named = taken.Where(t => !containers.IsOwn(t.Container.Labels)).Select(t => t.Container with
        {
            Labels = new([.. t.Container.Labels, new(ContainerLabels.Service, service), new(ContainerLabels.Component, t.Component)]),
        });
        return [.. named
            .Concat(others.Where(c => components.Contains(c.Labels.GetValueOrDefault(ContainerLabels.Component) ?? "")))
            .DistinctBy(c => c.Id)];
    }

    private void RefuseTaken(string service, IEnumerable<(string Component, ContainerInfo Container)> taken)
    {
        if (taken.FirstOrDefault() is not { Container: { } other, Component: var component })
            return;
        var image = other.Labels.GetValueOrDefault(ContainerLabels.Image) ?? other.Image;
        throw new AgentException(
            AgentError.NameTaken,
            $"the container name {other.Name} is taken by a container (image {image}) that {containers.OwnerOf(other)}",
            containers.IsOwn(other.Labels) ? "rename the component, or undeploy the other service first"
                : $"if it is to be replaced and belong to this agent, `mcp deploy {service}/{component} --take-over`; if not, name the "
                    + "component otherwise");
    }
}
