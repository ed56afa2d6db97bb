using FsCheck;
using FsCheck.Fluent;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;

namespace Mcp.Core.Tests.Definitions;

/// <summary>Good definitions of any shape for FsCheck, which looks for the simplest one that fails.</summary>
internal static class DefinitionArbitrary
{
    public static Arbitrary<ServiceDefinition> Service() =>
        Arb.From(Gen.Choose(0, int.MaxValue).Select(seed => new RandomDefinition(seed).Service()), Simpler);

    /// <summary>Only steps that keep a definition good: otherwise the failure that is reported would be another one.</summary>
    private static IEnumerable<ServiceDefinition> Simpler(ServiceDefinition service)
    {
        if (service.BuildImages.Count > 0)
            yield return service with { BuildImages = ValueMap.Empty };
        if (service.BuildArguments.Count > 0)
            yield return service with { BuildArguments = ValueMap.Empty };
        if (service.BuildImages.Count == 0 && service.Components.Count > 1)
        {
            foreach (var removed in service.Components)
                yield return service with { Components = Without(service.Components, removed) };
        }
        for (var i = 0; i < service.Components.Count; i++)
        {
            foreach (var simpler in Simpler(service.Components[i]).Where(s => s != service.Components[i]))
                yield return service with { Components = service.Components.Select((c, at) => at == i ? simpler : c).ToValueList() };
        }
    }

    private static IEnumerable<ComponentDefinition> Simpler(ComponentDefinition component) =>
    [
        component with { Command = [] },
        component with { Environment = [] },
        component with { Volumes = [] },
        component with { Ports = [] },
        component with { Health = null },
        component with { DependsOn = [] },
    ];

    private static ValueList<ComponentDefinition> Without(ValueList<ComponentDefinition> components, ComponentDefinition removed) =>
        components
        .Where(c => c != removed)
        .Select(c => c with { DependsOn = c.DependsOn.Where(d => d != removed.Name).ToValueList() })
        .ToValueList();
}
