using Mcp.Core.Collections;

namespace Mcp.Core.Definitions;

/// <summary>What the workstation fills into images that a definition leaves short.</summary>
/// <param name="Registry">"registry.lan:5000" or "registry.lan/team": where images without a name come from; null when none is
/// configured.</param>
public sealed record ImageDefaults(string? Registry)
{
    /// <summary>A component without image gets "REGISTRY/service" when it is the first or has the service's name, else
    /// "REGISTRY/service-component"; an image without tag and digest gets the service's version as its tag. (The Go tool's
    /// rules.)</summary>
    public ServiceDefinition Resolve(ServiceDefinition definition) =>
        definition with
        {
            Components = definition.Components.Select((c, i) => c with { Image = Resolve(definition, c, i == 0) }).ToValueList(),
        };

    private string Resolve(ServiceDefinition definition, ComponentDefinition component, bool first)
    {
        var name = first ? definition.Name : ContainerName.For(definition.Name, component.Name);
        var text = component.Image.Length == 0 && Registry is not null ? $"{Registry.TrimEnd('/')}/{name}" : component.Image;
        // What is no reference, or would be none with this version, stays as it is: the validator says what is wrong with it.
        return definition.Version is { } version && ImageReference.TryParse(text) is { Tag: null, Digest: null }
            && ImageReference.TryParse($"{text}:{version}") is { } tagged
            ? tagged.ToString()
            : text;
    }
}
