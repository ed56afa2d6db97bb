using Mcp.Core.Definitions;

namespace Mcp.Core.Planning;

/// <summary>Components after those that they depend on; otherwise in the order of the definition.</summary>
internal static class DependencyOrder
{
    /// <param name="components">Validated: none depends on itself. Dependencies that are not among them are ignored.</param>
    public static IReadOnlyList<ComponentDefinition> Of(IReadOnlyList<ComponentDefinition> components)
    {
        var ordered = new List<ComponentDefinition>();
        foreach (var component in components)
            Visit(component);
        return ordered;

        void Visit(ComponentDefinition component)
        {
            if (ordered.Contains(component))
                return;
            foreach (var wanted in component.DependsOn)
                if (components.FirstOrDefault(c => c.Name == wanted) is { } before)
                    Visit(before);
            ordered.Add(component);
        }
    }
}
