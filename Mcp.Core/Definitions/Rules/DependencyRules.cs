namespace Mcp.Core.Definitions.Rules;

/// <summary>A component can wait only for components of the service, and not for itself, directly or through others.</summary>
internal static class DependencyRules
{
    public static void Check(RuleContext context, ServiceDefinition service)
    {
        var names = service.Components.Select(c => c.Name).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        for (var i = 0; i < service.Components.Count; i++)
        {
            var component = service.Components[i];
            for (var j = 0; j < component.DependsOn.Count; j++)
            {
                var (wanted, path) = (component.DependsOn[j], $"components[{i}].depends_on[{j}]");
                if (!names.Contains(wanted))
                    context.Report(path, $"component '{component.Name}' depends on '{wanted}', which the service does not have",
                        NearestName.Remedy(wanted, names, "components"));
                else if (component.DependsOn.Take(j).Contains(wanted))
                    context.Report(path, $"component '{component.Name}' names '{wanted}' twice in depends_on", "remove one");
                else if (Way(service, wanted, component.Name, []) is { } way)
                    context.Report(path,
                        $"component '{component.Name}' would wait for itself: {string.Join(" -> ", way.Prepend(component.Name))}",
                        "remove one of these from its depends_on");
            }
        }
    }

    /// <summary>The names from one component to another along depends_on, both included; null when there is no way.</summary>
    private static List<string>? Way(ServiceDefinition service, string from, string to, HashSet<string> seen)
    {
        if (from == to)
            return [to];
        if (!seen.Add(from))
            return null;
        foreach (var next in service.Components.Where(c => c.Name == from).SelectMany(c => c.DependsOn))
            if (Way(service, next, to, seen) is { } rest)
                return [from, .. rest];
        return null;
    }
}
