using Mcp.Core.Definitions;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Faults;

/// <summary>Small services, each in any number of versions. The version is in the environment of all their containers, and what their
/// routes answer.</summary>
internal static class FaultServices
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    /// <summary>A task, then a component that is replaced stop-first with its host port, then one that is replaced start-first.</summary>
    public static ServiceDefinition Mixed(string name, int version) => new()
    {
        Name = name,
        Components =
        [
            Component(name + "job", version, "exit 0") with { Kind = ComponentKind.Task, Health = null },
            Web(name + "web", version) with { DependsOn = [name + "job"] },
            Component(name + "work", version, Idle) with { DependsOn = [name + "web"] },
        ],
    };

    /// <summary>One component with a route that is replaced start-first, since it says so.</summary>
    public static ServiceDefinition Beside(string name, int version) => new()
    {
        Name = name,
        Components = [Web(name + "api", version) with { Strategy = DeployStrategy.StartFirst, Drain = Moment }],
    };

    /// <summary>One component that is replaced stop-first.</summary>
    public static ServiceDefinition Single(string name, int version) => new() { Name = name, Components = [Web(name + "web", version)] };

    /// <summary>With a route, on which it answers its version.</summary>
    public static ComponentDefinition Web(string name, int version) =>
        Component(name, version, Serve) with { Routes = [new() { Port = 443 }] };

    public static ComponentDefinition Component(string name, int version, string script) => new()
    {
        Name = name,
        Image = TestEngine.Image,
        Command = ["sh", "-c", script],
        Environment = [$"SERVED=v{version}"],
        Health = new() { StayUp = Moment, Interval = Moment },
        StopTimeout = TimeSpan.FromSeconds(5),
    };

    public const string Idle = "trap 'exit 0' TERM; while :; do sleep 3600 & wait; done";

    public const string Serve = "busybox mkdir /tmp/w; printf $SERVED >/tmp/w/index.html; httpd -p $PORT -h /tmp/w; " + Idle;

    /// <summary>Never listens.</summary>
    public const string Deaf = Idle;

    public const string CrashLoop = "echo giving up; exit 3";
}
