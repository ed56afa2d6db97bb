using System.Text.RegularExpressions;

namespace Mcp.Core.Definitions.Rules;

/// <summary>"KEY=VALUE" entries. Messages never hold a value, nor what might be one: it may be a secret.</summary>
internal static partial class EnvironmentRules
{
    public static void Check(RuleContext context, string path, string label, ComponentDefinition component)
    {
        var reserved = component.Routes.Select(r => r.PortVariable).ToHashSet(StringComparer.Ordinal);
        if (reserved.Count > 0)
            reserved.Add("PORT");
        Dictionary<string, string> names = new(StringComparer.Ordinal);

        for (var i = 0; i < component.Environment.Count; i++)
        {
            var (entry, at) = (component.Environment[i], $"{path}.env[{i}]");
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? "" : entry[..equals];
            if (equals < 0)
                context.Report(at, $"{label}: entry {i + 1} of env has no '='", "write \"KEY=VALUE\", or \"KEY=\" for an empty value");
            else if (!Name().IsMatch(name))
                context.Report(at, $"{label}: the text before '=' in entry {i + 1} of env is not a variable name",
                    "use letters, digits and '_', not beginning with a digit");
            else if (!names.TryAdd(name, at))
                context.Report(at, $"{label}: env sets {name} twice{context.At(names[name])}", "keep one of the two");
            else if (reserved.Contains(name))
                context.Report(at, $"{label}: env sets {name}, which the agent sets for the routes",
                    $"remove it, and let the program listen on ${name}");
            if (entry.Contains('\0', StringComparison.Ordinal))
                context.Report(at, $"{label}: entry {i + 1} of env contains a NUL character", "remove it; no process can be given one");
        }
    }

    // Dots and dashes: images that take their settings from variables like discovery.type are common.
    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.-]*\z")]
    private static partial Regex Name();
}
