using System.Globalization;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;

namespace Mcp.Core.Planning;

/// <summary>What a started container has to answer, with the host ports that its definition does not have.</summary>
/// <param name="Addresses">Where HTTP or TCP is asked; empty for everything else.</param>
public sealed record HealthCheck(HealthDefinition Definition, ValueList<ProbeAddress> Addresses)
{
    /// <param name="ports">The host ports of the routes; those of other components are ignored.</param>
    public static HealthCheck For(ComponentDefinition component, IEnumerable<AssignedPort> ports)
    {
        var health = component.Health ?? new HealthDefinition();
        return new(health, health.Exec.Count > 0 || health.Image == true ? []
            : AddressesOf(component, health, ports.Where(p => p.Component == component.Name)).ToValueList());
    }

    /// <summary>As what follows "wait until NAME ": "answers GET /healthz with 200".</summary>
    public string Describe()
    {
        var where = Definition.Route is { } route ? $" on route {route}"
            : Definition.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $" on port {port}")
            : "";
        var asked = Definition.Http is { } path
            ? string.Create(
                CultureInfo.InvariantCulture, $"answers GET {path}{where} with {Definition.Status ?? HealthDefinition.DefaultStatus}")
            : Definition.Tcp ? $"accepts connections{(where.Length > 0 ? where : Among())}"
            : Definition.Exec.Count > 0 ? $"passes `{Definition.Exec[0]}`"
            : Definition.Image == true ? "passes its image's health check"
            : Addresses.Count > 0 ? $"stays up and accepts connections{Among()}"
            : "stays up";
        return Definition is { HasProbe: true, StayUp: { } up } && up > TimeSpan.Zero
            ? $"{asked} and has been up for {DurationText.Of(up)}"
            : asked;
    }

    private string Among() => Addresses is [var only] ? $" on {only.Name}" : $" on {string.Join(" and ", Addresses.Select(a => a.Name))}";

    private static IEnumerable<ProbeAddress> AddressesOf(
        ComponentDefinition component, HealthDefinition health, IEnumerable<AssignedPort> ports)
    {
        if (health.Port is { } wanted)
            return [PortAddress(component, wanted)];
        var routes = ports.Where(p => health.Route is null || p.Route == health.Route)
            .Select(p => new ProbeAddress(p.Route.Length == 0 ? "its route" : "route " + p.Route, "127.0.0.1", p.HostPort)).ToList();
        // Fixed ports are asked on demand only: a program may be slow to open one that it had before there were routes.
        return routes.Count > 0 || (health.Http is null && !health.Tcp) ? routes
            : component.Ports.Where(p => p.Protocol == "tcp").Select(p => p.ContainerPort).Distinct()
                .Select(p => PortAddress(component, p));
    }

    private static ProbeAddress PortAddress(ComponentDefinition component, int containerPort)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"port {containerPort}");
        var mapping = component.Network == "host" ? null
            : component.Ports.FirstOrDefault(p => p.ContainerPort == containerPort && p.Protocol == "tcp");
        return mapping is null ? new(name, "127.0.0.1", containerPort) : new(name, mapping.HostIp switch
        {
            null or "0.0.0.0" => "127.0.0.1",
            "::" => "::1",
            var ip => ip,
        }, mapping.HostPort);
    }
}

/// <param name="Name">For people: "route site", "port 8080".</param>
/// <param name="Ip">An address of the node.</param>
public sealed record ProbeAddress(string Name, string Ip, int Port);
