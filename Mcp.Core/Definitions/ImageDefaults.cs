using Mcp.Core.Collections;

namespace Mcp.Core.Definitions;

/// <summary>What the workstation fills into images that a definition leaves short.</summary>
/// <param name="Registry">"registry.lan:5000" or "registry.lan/team": where images without a name come from; null when none is configured.</param>
public sealed record ImageDefaults(string? Registry)
{
    /// <summary>A component without image gets "REGISTRY/service-component" ("REGISTRY/service" when both names are the same); an image without tag and digest gets the service's version as its tag.</summary>
    public ServiceDefinition Resolve(ServiceDefinition definition) =>
        definition with { Components = definition.Components.Select(c => c with { Image = Resolve(definition, c) }).ToValueList() };

    private string Resolve(ServiceDefinition definition, ComponentDefinition component)
    {
        var text = component.Image.Length == 0 && Registry is not null ? $"{Registry.TrimEnd('/')}/{ContainerName.For(definition.Name, component.Name)}" : component.Image;
        // What is no reference, or would be none with this version, stays as it is: the validator says what is wrong with it.
        return definition.Version is { } version && ImageReference.TryParse(text) is { Tag: null, Digest: null } && ImageReference.TryParse($"{text}:{version}") is { } tagged
            ? tagged.ToString()
            : text;
    }
}
