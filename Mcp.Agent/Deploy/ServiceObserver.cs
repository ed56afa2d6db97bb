using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>Asks the engine how a service stands; the planner decides on what this returns.</summary>
internal sealed class ServiceObserver(IContainerRuntime runtime)
{
    /// <param name="wanted">The components whose images and names matter.</param>
    public async Task<ObservedService> ObserveAsync(string service, StoredService? stored, IReadOnlyList<ComponentDefinition> wanted, CancellationToken cancellationToken)
    {
        var containers = await runtime.ListAsync(
            new Dictionary<string, string> { [ContainerLabels.Managed] = "true", [ContainerLabels.Service] = service }, cancellationToken);
        foreach (var component in wanted)
            await RefuseTakenNameAsync(ContainerName.For(service, component.Name), containers, cancellationToken);

        var images = new Dictionary<string, string>();
        foreach (var image in wanted.Select(c => c.Image).Distinct(StringComparer.Ordinal))
            if (await runtime.InspectImageAsync(image, cancellationToken) is { } found)
                images[image] = found.Id;
        return new ObservedService
        {
            Name = service,
            Deployed = stored?.Definition,
            Containers = containers.ToValueList(),
            Images = new ValueMap(images),
        };
    }

    private async Task RefuseTakenNameAsync(string name, IReadOnlyList<ContainerInfo> own, CancellationToken cancellationToken)
    {
        if (own.Any(c => c.Name == name) || await runtime.InspectAsync(name, cancellationToken) is not { } other)
            return;
        var owner = other.Labels.TryGetValue(ContainerLabels.Service, out var service)
            ? $"belongs to service {service}"
            : "was not made by this agent";
        throw new AgentException(
            AgentError.NameTaken, $"the container name {name} is taken by a container (image {other.Image}) that {owner}",
            $"rename or remove that container, or name the component otherwise");
    }
}
