using System.Text.RegularExpressions;

namespace Mcp.Core.Definitions.Rules;

/// <summary>Routes: names that become variables, and addresses that the ingress can tell apart.</summary>
internal static partial class RouteRules
{
    public static void Check(RuleContext context, string path, string label, ComponentDefinition component)
    {
        Dictionary<string, (string Name, string Path)> variables = new(StringComparer.Ordinal);
        for (var i = 0; i < component.Routes.Count; i++)
        {
            var (route, at) = (component.Routes[i], $"{path}.routes[{i}]");
            CheckName(context, at, label, route.Name, i, component.Routes.Count);
            if (route.Name.Length > 0 && !variables.TryAdd(route.PortVariable, (route.Name, $"{at}.name")))
            {
                var (name, first) = variables[route.PortVariable];
                var message = name == route.Name ? $"{label}: duplicate route '{name}'{context.At(first)}"
                    : $"{label}: routes '{name}'{context.At(first)} and '{route.Name}' would both set {route.PortVariable}";
                context.Report($"{at}.name", message, "give each route a name of its own");
            }

            var routeLabel = $"{label}, {Label(route, i)}";
            if (PortRules.OutOfRange(route.Port))
                context.Report($"{at}.port",
                    route.Port == 0 && !context.Stands($"{at}.port")
                    ? $"{routeLabel} has no port" : $"{routeLabel}: port {route.Port} is out of range",
                    "give its external port on the ingress, 1 to 65535: port = 443");
            if (!Enum.IsDefined(route.Mode))
                context.Report($"{at}.mode", $"{routeLabel} has an unknown mode", RouteSection.ModeForm);
            if (route.Hostname is not null && HostnameFault(route.Hostname) is { } fault)
                context.Report($"{at}.hostname", $"{routeLabel}: hostname {fault}",
                    "write a DNS name such as web.example.com, or leave the line out for <service>.<zone>");
        }
    }

    /// <summary>The ingress picks a route by port and hostname, whatever the mode: two with both alike can't be told apart.</summary>
    public static void CheckAddresses(RuleContext context, ServiceDefinition service)
    {
        if (service.Components.Sum(c => c.Routes.Count) > PortRules.MostOfService)
        {
            context.Report("components", $"the service has more than {PortRules.MostOfService} routes", "divide it into several services");
            return;
        }
        Dictionary<(string, int), (string Route, string Path)> taken = [];
        for (var i = 0; i < service.Components.Count; i++)
        {
            var component = service.Components[i];
            for (var j = 0; j < component.Routes.Count; j++)
            {
                var (route, path) = (component.Routes[j], $"components[{i}].routes[{j}]");
                if (PortRules.OutOfRange(route.Port) || context.IsSettled($"{path}.hostname"))
                    continue;
                var host = route.Hostname?.ToLowerInvariant() ?? "";
                var label = $"{Label(route, j)} of component '{component.Name}'";
                if (!taken.TryAdd((host, route.Port), (label, path)))
                {
                    var (other, first) = taken[(host, route.Port)];
                    var name = host.Length > 0 ? host : "the service's default hostname";
                    context.Report(path, $"{label} has the same address as {other}{context.At(first)}: port {route.Port} of {name}",
                        "give one of them another port or hostname");
                }
            }
        }
    }

    private static string Label(RouteDefinition route, int index) => route.Name.Length > 0 ? $"route '{route.Name}'" : $"route {index + 1}";

    private static void CheckName(RuleContext context, string at, string label, string name, int index, int count)
    {
        if (name.Length == 0 && count > 1)
            context.Report($"{at}.name", $"{label}: route {index + 1} of {count} has no name",
                "with more than one route each needs a name; the container gets PORT_<NAME>");
        else if (name.Length > NameRule.MaxLength || (name.Length > 0 && !Name().IsMatch(name)))
            context.Report($"{at}.name", $"{label}: '{name}' can't be the name of a route",
                $"it becomes the variable PORT_<NAME>: use letters, digits, '-' and '_', at most {NameRule.MaxLength}");
    }

    private static string? HostnameFault(string hostname)
    {
        if (hostname.Length == 0)
            return "is empty";
        if (hostname.Contains("://", StringComparison.Ordinal) || hostname.AsSpan().ContainsAny('/', ':'))
            return $"'{hostname}' is more than a name: no scheme, port or path";
        if (hostname.Length > 253)
            return "is longer than 253 characters";
        if (!Hostname().IsMatch(hostname))
            return $"'{hostname}' is not a DNS name";
        return hostname[(hostname.LastIndexOf('.') + 1)..].All(char.IsAsciiDigit) ? $"'{hostname}' is an address, not a name" : null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A(?!-)[A-Za-z0-9-]{1,63}(?<!-)([.](?!-)[A-Za-z0-9-]{1,63}(?<!-))*\z")]
    private static partial Regex Hostname();
}
