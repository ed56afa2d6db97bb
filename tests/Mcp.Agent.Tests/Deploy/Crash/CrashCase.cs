using Mcp.Core.Definitions;
using Mcp.Core.Planning;
using Mcp.Testing.Containers;

namespace Mcp.Agent.Tests.Deploy.Crash;

/// <summary>A deploy that is going to be cut off: what ran before, and what is asked for. Images are "registry/NAME:vN"; "registry/job:vN"
/// ends well at once.</summary>
internal sealed record CrashCase(string Name, ServiceDefinition? Before, ServiceDefinition After)
{
    private static readonly HealthDefinition Brief = new() { StayUp = TimeSpan.FromMilliseconds(1) };

    public string? Component { get; init; }

    public OperationOptions Terms { get; init; } = OperationOptions.Default;

    public override string ToString() => Name;

    public static readonly IReadOnlyList<CrashCase> All =
    [
        new("first deploy", null, Shop(Web("v1"), Worker("v1"))),
        new("stop-first beside start-first", Shop(Web("v1"), Worker("v1")), Shop(Web("v2"), Worker("v2"))),
        new("start-first with a route", Shop(Beside("v1")), Shop(Beside("v2"))),
        new("start-first with a route, drained", Shop(Beside("v1") with { Drain = TimeSpan.FromMilliseconds(1) }),
            Shop(Beside("v2") with { Drain = TimeSpan.FromMilliseconds(1) })),
        new("chain of task, stop-first and start-first", Shop(Job("v1"), Web("v1", "job"), Worker("v1", "web")),
            Shop(Job("v2"), Web("v2", "job"), Worker("v2", "web"))),
        new("fixed port", Shop(Fixed("v1")), Shop(Fixed("v2"))),
        new("one component comes, one goes", Shop(Web("v1"), Worker("v1")), Shop(Web("v1"), Job("v1"))),
        new("one with a fixed port goes", Shop(Fixed("v1"), Worker("v1")), Shop(Worker("v2"))),
        new("put to sleep", Shop(Web("v1"), Worker("v1")), Shop(Web("v1"), Worker("v1")) with { Active = false }),
        new("woken up", Shop(Web("v1"), Worker("v1")) with { Active = false }, Shop(Web("v1"), Worker("v1"))),
        new("one component only", Shop(Web("v1"), Worker("v1")), Shop(Web("v1"), Worker("v2"))) { Component = "worker" },
        new("by force", Shop(Web("v1"), Worker("v1")), Shop(Web("v1"), Worker("v1"))) { Terms = new() { Force = true } },
        new("pulled, and the images are the same", Shop(Web("v1"), Worker("v1")),
            Shop(Web("v1"), Worker("v1"))) { Terms = new() { Images = ImagePins.None with { Pull = PullPolicy.Always } } },
        new("pulled, and one image is another", Shop(Web("v1"), Worker("v1")),
            Shop(Web("v1"), Worker("v2"))) { Terms = new() { Images = ImagePins.None with { Pull = PullPolicy.Always } } },
    ];

    public static CrashCase Of(string name) => All.Single(c => c.Name == name);

    public static void AddImages(FakeContainerRuntime engine)
    {
        foreach (var version in (string[])["v1", "v2", "v3"])
        {
            foreach (var name in (string[])["web", "worker", "fixed"])
                engine.AddToRegistry($"registry/{name}:{version}");
            engine.AddToRegistry($"registry/job:{version}", FakeImage.Exits(0));
        }
        foreach (var name in (string[])["web", "worker", "fixed"])
            engine.AddToRegistry($"registry/{name}:bad", FakeImage.Exits(3));
        engine.AddToRegistry("registry/job:bad", FakeImage.Exits(1));
    }

    public static ServiceDefinition Shop(params ComponentDefinition[] components) => new() { Name = "shop", Components = [.. components] };

    public static ComponentDefinition Web(string version, params string[] after) =>
        new() { Name = "web", Image = $"registry/web:{version}",
            Routes = [new() { Name = "site", Port = 443 }, new() { Name = "admin", Port = 8443 }], Health = Brief, DependsOn = [.. after] };

    public static ComponentDefinition Beside(string version) => Web(version) with { Strategy = DeployStrategy.StartFirst };

    public static ComponentDefinition Worker(string version, params string[] after) =>
        new() { Name = "worker", Image = $"registry/worker:{version}", Health = Brief, DependsOn = [.. after] };

    public static ComponentDefinition Fixed(string version) =>
        new() { Name = "fixed", Image = $"registry/fixed:{version}", Ports = [new(null, 20500, 80, "tcp")], Health = Brief };

    public static ComponentDefinition Job(string version) =>
        new() { Name = "job", Image = $"registry/job:{version}", Kind = ComponentKind.Task };
}
