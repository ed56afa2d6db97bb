namespace Mcp.Core.Definitions.Rules;

/// <summary>Volumes: one per place in the container.</summary>
internal static class VolumeRules
{
    public static void Check(RuleContext context, string path, string label, ComponentDefinition component)
    {
        Dictionary<string, string> targets = new(StringComparer.Ordinal);
        for (var i = 0; i < component.Volumes.Count; i++)
        {
            var (volume, at) = (component.Volumes[i], $"{path}.volumes[{i}]");
            if (VolumeMount.TryParse(volume.ToString(), out var fault) is null)
                context.Report(at, $"{label}: '{volume}' is not a volume: {fault}", ComponentSection.VolumeForm);
            else if (!targets.TryAdd(Normal(volume.Target), at))
                context.Report(at, $"{label}: two volumes have the target {volume.Target}{context.At(targets[Normal(volume.Target)])}",
                    "mount one of them elsewhere");
        }
    }

    private static string Normal(string target) =>
        string.Join('/', target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != "."));
}
