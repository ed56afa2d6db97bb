using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Status;

namespace Mcp.Agent.Tests.Registry;

/// <summary>Services for tests to store.</summary>
internal static class StoredServices
{
    public static readonly DateTimeOffset DeployedAt = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero).AddTicks(1234567);

    /// <summary>Everything that a definition can say, in an order that no sort would give.</summary>
    public static StoredService Full(string name = "shop") => Of(
        new()
        {
            Name = name,
            Node = "rift",
            Active = false,
            Path = "src/shop",
            Version = "v1.2.0",
            BuildArguments = new([new("MODE", "release"), new("COLOUR", "")]),
            BuildImages = new([new("web", "Dockerfile.web"), new("api", "docker/api")]),
            Components =
            [
                new()
                {
                    Name = "web",
                    Image = "registry:5000/team/web:v1.2.0",
                    Network = "front",
                    User = "0:0",
                    Restart = "on-failure:3",
                    Ports = [new("10.0.0.1", 8443, 443), new(null, 53, 53, "udp"), new("::1", 80, 80)],
                    Volumes = [new("/srv/shop", "/data", false), new("cache", "/cache", true, "ro,z")],
                    Command = ["serve", "--title", "", "a b \"c\" 'd' ü\n"],
                    Environment = ["B=2", "A=1=1", "EMPTY=", "B=3"],
                    Routes =
                    [
                        new() { Name = "tls", Port = 443, Hostname = "shop.example" },
                        new() { Name = "admin", Port = 8080, Mode = RouteMode.L7 },
                    ],
                    Health = new()
                    {
                        Http = "/healthz", Status = 204, Host = "shop.example", Image = false, Route = "tls",
                            Interval = TimeSpan.FromMilliseconds(500), Timeout = TimeSpan.FromSeconds(2),
                        Retries = 5, StartPeriod = TimeSpan.Zero, StayUp = TimeSpan.FromMinutes(1),
                    },
                },
                new() { Name = "api", Image = "api", Strategy = DeployStrategy.StartFirst, Drain = TimeSpan.FromMilliseconds(1500),
                    StopTimeout = TimeSpan.Zero, Timeout = TimeSpan.FromMinutes(5), DependsOn = ["web"],
                    Health = new() { Exec = ["z", "a", ""], Tcp = true, Port = 80 } },
            ],
        },
        new RoutePort("tls", 12345));

    /// <summary>One component with one unnamed route.</summary>
    public static StoredService Small(string name, int? hostPort = null, DesiredState desired = DesiredState.Running) => Of(
        new()
        {
            Name = name,
            Components = [new() { Name = name, Image = $"{name}:v1", Routes = [new() { Port = 443 }] }],
        },
        hostPort is { } port ? [new RoutePort("", port)] : [],
        desired);

    private static StoredService Of(ServiceDefinition definition, params RoutePort[] firstComponentsPorts) =>
        Of(definition, firstComponentsPorts, DesiredState.Running);

    private static StoredService Of(ServiceDefinition definition, RoutePort[] firstComponentsPorts, DesiredState desired) => new()
    {
        Definition = definition,
        DeployedAt = DeployedAt,
        DeployedBy = "kim",
        Components = definition.Components.Select((component, i) => new StoredComponent
        {
            Definition = component,
            Desired = desired,
            Observed = desired == DesiredState.Running ? ObservedState.Running : ObservedState.Exited,
            ContainerId = $"id-{component.Name}",
            ObservedAt = DeployedAt,
            HostPorts = i == 0 ? firstComponentsPorts.ToValueList() : [],
        }).ToValueList(),
    };
}
