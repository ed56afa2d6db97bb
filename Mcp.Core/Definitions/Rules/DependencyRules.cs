namespace Mcp.Core.Definitions.Rules;

/// <summary>A component can wait only for components of the service, and not for itself, directly or through others.</summary>
internal static class DependencyRules
{
    public static void Check(RuleContext context, ServiceDefinition service)
    {
        var ways = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var component in service.Components.Where(c => c.Name.Length > 0))
            ways.TryAdd(component.Name, component.DependsOn);
        var circles = new DependencyCircles(ways);
        for (var i = 0; i < service.Components.Count; i++)
        {
            var component = service.Components[i];
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var circle = circles.Through(component.Name);
            for (var j = 0; j < component.DependsOn.Count && !context.IsFull; j++)
            {
                var (wanted, path) = (component.DependsOn[j], $"components[{i}].depends_on[{j}]");
                if (!ways.ContainsKey(wanted))
                    context.Report(path, $"component '{component.Name}' depends on '{wanted}', which the service does not have",
                        NearestName.Remedy(wanted, ways.Keys, "components"));
                else if (!seen.Add(wanted))
                    context.Report(path, $"component '{component.Name}' names '{wanted}' twice in depends_on", "remove one");
                else if (circle?[1] == wanted)
                    context.Report(path, $"component '{component.Name}' would wait for itself: {string.Join(" -> ", circle)}",
                        "remove one of these from its depends_on");
            }
        }
    }
}
