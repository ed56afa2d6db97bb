using Mcp.Core.Definitions;

namespace Mcp.Core.Planning;

/// <summary>Components after those that they depend on; otherwise in the order of the definition.</summary>
internal static class DependencyOrder
{
    /// <param name="components">Validated: none depends on itself. Dependencies that are not among them are ignored.</param>
    public static IReadOnlyList<ComponentDefinition> Of(IReadOnlyList<ComponentDefinition> components)
    {
        var byName = new Dictionary<string, ComponentDefinition>(StringComparer.Ordinal);
        foreach (var component in components)
            byName.TryAdd(component.Name, component);
        var ordered = new List<ComponentDefinition>();
        var seen = new HashSet<ComponentDefinition>(ReferenceEqualityComparer.Instance);
        // A stack of our own: a chain of dependencies is as deep as the definition is long.
        var open = new Stack<(ComponentDefinition Component, int Next)>();
        foreach (var component in components)
        {
            if (seen.Add(component))
                open.Push((component, 0));
            while (open.TryPop(out var top))
            {
                if (top.Next == top.Component.DependsOn.Count)
                {
                    ordered.Add(top.Component);
                    continue;
                }
                open.Push((top.Component, top.Next + 1));
                if (byName.TryGetValue(top.Component.DependsOn[top.Next], out var before) && seen.Add(before))
                    open.Push((before, 0));
            }
        }
        return ordered;
    }
}
