namespace Mcp.Core.Definitions.Rules;

/// <summary>Fixed host ports: each can be had once.</summary>
internal static class PortRules
{
    /// <summary>Fixed ports, and routes, that one service can have: each is compared with all others, and a node has some ten thousand
    /// ports.</summary>
    public const int MostOfService = 1000;

    public static void Check(RuleContext context, ServiceDefinition service)
    {
        if (service.Components.Sum(c => c.Ports.Count) > MostOfService)
        {
            context.Report("components", $"the service has more than {MostOfService} fixed ports", "divide it into several services");
            return;
        }
        List<(PortMapping Port, string Component, string Path)> taken = [];
        for (var i = 0; i < service.Components.Count; i++)
        {
            var component = service.Components[i];
            for (var j = 0; j < component.Ports.Count; j++)
            {
                var (port, path) = (component.Ports[j], $"components[{i}].ports[{j}]");
                var earlier = taken.FirstOrDefault(t => t.Port.Overlaps(port));
                if (earlier.Port is not null)
                {
                    var taker = $"'{earlier.Port}' of component '{earlier.Component}'{context.At(earlier.Path)}";
                    context.Report(path, $"component '{component.Name}': host port {port.HostPort} of '{port}' is taken by {taker}",
                        "use another host port or another address");
                }
                if (OutOfRange(port.HostPort) || OutOfRange(port.ContainerPort))
                    context.Report(path, $"component '{component.Name}': '{port}' has a port out of range", "ports go from 1 to 65535");
                taken.Add((port, component.Name, path));
            }
        }
    }

    public static bool OutOfRange(int port) => port is < 1 or > 65535;
}
