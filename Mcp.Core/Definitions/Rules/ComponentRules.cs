using System.Text.RegularExpressions;

namespace Mcp.Core.Definitions.Rules;

/// <summary>What holds for each component, and among the components of a service.</summary>
internal static partial class ComponentRules
{
    private static readonly string[] RestartPolicies = ["no", "always", "unless-stopped", "on-failure"];

    public static void Check(RuleContext context, ServiceDefinition service)
    {
        Dictionary<string, int> names = new(StringComparer.Ordinal);
        for (var i = 0; i < service.Components.Count; i++)
        {
            var (component, path) = (service.Components[i], $"components[{i}]");
            var label = component.Name.Length > 0 ? $"component '{component.Name}'" : $"component {i + 1}";

            NameRule.Check(context, $"{path}.name", label, component.Name);
            if (component.Name.Length > 0 && !names.TryAdd(component.Name, i))
                context.Report($"{path}.name", $"duplicate {label}{context.At($"components[{names[component.Name]}].name")}",
                    "give each component a name of its own");
            CheckImage(context, path, label, component.Image);
            CheckSettings(context, path, label, component);
            VolumeRules.Check(context, path, label, component);
            EnvironmentRules.Check(context, path, label, component);
            RouteRules.Check(context, path, label, component);
            HealthRules.Check(context, path, label, component);
            TaskRules.Check(context, path, label, component);
        }
        DependencyRules.Check(context, service);
        PortRules.Check(context, service);
        RouteRules.CheckAddresses(context, service);
    }

    private static void CheckImage(RuleContext context, string path, string label, string image)
    {
        if (image.Length == 0)
            context.Report($"{path}.image", context.Stands($"{path}.image") ? $"{label} has an empty image" : $"{label} has no image",
                "add image = \"registry/name:tag\", or [registry] address = \"host[:port]\" to mcp.toml, where unnamed images come from");
        else if (ImageReference.TryParse(image, out var fault) is null)
            context.Report($"{path}.image", $"{label}: '{image}' is not an image reference: {fault}",
                "write [registry[:port]/]name[:tag], e.g. registry.example.com/team/web:v1.2.0");
    }

    private static void CheckSettings(RuleContext context, string path, string label, ComponentDefinition component)
    {
        if (component.Network is { } network && !Network().IsMatch(network))
            context.Report($"{path}.network",
                network.Length == 0 ? $"{label}: network is empty" : $"{label}: '{network}' is not a network name",
                "name a network of the engine, or leave the line out for its default");
        if (component is { Network: "host", Ports.Count: > 0 })
            context.Report($"{path}.ports", $"{label} has ports and network = \"host\", which leaves them without effect",
                "remove ports: the container's own ports are the host's; or remove network");
        if (component.User is { } user && !User().IsMatch(user))
            context.Report($"{path}.user", user.Length == 0 ? $"{label}: user is empty" : $"{label}: '{user}' is not a user",
                "write uid, uid:gid or names, e.g. \"1000:1000\"");
        if (component.Restart is { } restart && !Restart().IsMatch(restart))
            context.Report($"{path}.restart",
                restart.Length == 0 ? $"{label}: restart is empty" : $"{label}: '{restart}' is not a restart policy",
                RestartRemedy(restart));
        for (var i = 0; i < component.Command.Count; i++)
        {
            if (component.Command[i].Contains('\0', StringComparison.Ordinal))
                context.Report($"{path}.cmd[{i}]", $"{label}: argument {i + 1} of cmd contains a NUL character",
                    "remove it; no process can be given one");
        }
    }

    private static string RestartRemedy(string restart) =>
        restart.StartsWith("on-failure:", StringComparison.Ordinal) ? "write how often after on-failure:, e.g. on-failure:5"
        : NearestName.Remedy(restart, RestartPolicies, "policies");

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.:/=,-]*\z")]
    private static partial Regex Network();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]*[$]?(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?\z")]
    private static partial Regex User();

    [GeneratedRegex(@"\A(no|always|unless-stopped|on-failure(:[0-9]{1,9})?)\z")]
    private static partial Regex Restart();
}
