using Mcp.Core.Collections;
using Mcp.Core.Definitions;

namespace Mcp.Core.Tests.Definitions;

/// <summary>Good definitions of any shape; the same seed gives the same one.</summary>
internal sealed class RandomDefinition(int seed)
{
    private static readonly string[] Pieces = [
        "a", "Z", "0", " ", "\t", "\n", "\r\n", "\"", "'", "\\", "#", "=", "[", "]", "{", "}", ",", ".", "\u0001", "\u007f", "é",
        "\U0001F600", "\uFEFF", "\uFFFF"];

    private readonly Random _random = new(seed);
    private int _unique;

    public ServiceDefinition Service()
    {
        var components = Several(1, 4, Component);
        var images = components.Select(c => ImageReference.TryParse(c.Image)!.Name).Distinct().Where(_ => Chance());
        return new ServiceDefinition
        {
            Name = Name(),
            Node = Maybe(() => "node " + Text()),
            Active = Chance(),
            Path = Maybe(() => "src/" + Name()),
            Version = Maybe(() => Pick("v2", "1.0_rc-1")),
            Tier = Maybe(() => Pick("core", "worker")),
            BuildArguments = new ValueMap(Several(0, 3, () => KeyValuePair.Create("A" + Unique(), Text()))),
            BuildImages = new ValueMap(images.Select(i => KeyValuePair.Create(i, "docker/" + Text()))),
            Components = components.Select(
                (c, i) => c with { DependsOn = components.Take(i).Where(_ => Chance()).Select(b => b.Name).ToValueList() }).ToValueList(),
        };
    }

    private ComponentDefinition Component() => _random.Next(4) == 0 ? Job() : Server();

    private ComponentDefinition Job() => new()
    {
        Name = Name(),
        Image = "img" + Unique(),
        Kind = ComponentKind.Task,
        Restart = Maybe(() => "no"),
        Command = Several(0, 4, Text),
        StopTimeout = MaybeTime(0),
        Timeout = MaybeTime(1),
    };

    private ComponentDefinition Server()
    {
        var routes = Chance() ? [Route("")] : Several(0, 3, () => Route(Name()));
        var network = Maybe(() => Pick("host", "backend"));
        return new ComponentDefinition
        {
            Name = Name(),
            Image = new ImageReference(
                Maybe(() => Pick("localhost", "127.0.0.1:5000", "registry.example.com")), Pick("", "team/", "a/b/") + Name(),
                Maybe(() => Pick("latest", "v1.2.0", "V_1")), Maybe(() => "sha256:" + new string('a', 64))).ToString(),
            Network = network,
            User = Maybe(() => Pick("0:0", "1000", "app:staff")),
            Memory = Maybe(() => MemoryLimit.TryParse(Pick("6291457", "7000k", "512m", "2g"))!),
            Restart = Maybe(() => Pick("no", "always", "unless-stopped", "on-failure", "on-failure:3")),
            Ports = network == "host"
                ? []
                : Several(
                    0, 3,
                    () =>
                        new PortMapping(
                            Maybe(() => Pick("127.0.0.1", "0.0.0.0", "::1")), 1 + Unique(), _random.Next(1, 65536),
                            Pick("tcp", "udp", "sctp"))),
            Volumes = Several(
                0, 3, () => VolumeMount.TryParse(Pick("/srv/x y", "cache", @"C:\data") + ":/t" + Unique() + Pick("", ":ro", ":rw,Z"))!),
            Command = Several(0, 4, Text),
            Environment = Several(0, 4, () => $"V{Unique()}={Text()}"),
            Routes = routes,
            Health = Maybe(() => Health(routes)),
            Strategy = Pick(DeployStrategy.Auto, DeployStrategy.StartFirst, DeployStrategy.StopFirst),
            Drain = MaybeTime(0),
            StopTimeout = MaybeTime(0),
        };
    }

    private HealthDefinition Health(ValueList<RouteDefinition> routes)
    {
        var probe = _random.Next(routes.Count > 0 ? 5 : 3);
        return new HealthDefinition
        {
            Exec = probe == 1 ? ["/bin/check", Text()] : [],
            Image = probe == 2 ? true : Chance() ? null : false,
            Tcp = probe == 3,
            Http = probe == 4 ? Pick("/", "/healthz?full=1") : null,
            Status = probe == 4 && Chance() ? _random.Next(100, 600) : null,
            Host = probe == 4 ? Maybe(() => Pick("a.example", "a.example:8443")) : null,
            Route = probe == 4 ? Pick([.. routes]).Name : null,
            Interval = MaybeTime(50),
            Timeout = MaybeTime(10),
            Retries = Chance() ? _random.Next(1, 1001) : null,
            StartPeriod = MaybeTime(0),
            StayUp = MaybeTime(0),
        };
    }

    private TimeSpan? MaybeTime(int least) => Chance() ? TimeSpan.FromMilliseconds(Pick(least, 500, 1000, 90_000, 300_000, 599_999)) : null;

    private RouteDefinition Route(string name) => new()
    {
        Name = name,
        Port = 1 + Unique(),
        Mode = Pick(RouteMode.L4, RouteMode.L7),
        Hostname = Maybe(() => Name() + ".example.com"),
        Public = Chance(),
    };

    private string Name() => Pick("a", "web", "mc-proxy", "x1") + Unique();

    private string Text() => string.Concat(Several(0, 12, () => Pick(Pieces)));

    private int Unique() => ++_unique;

    private bool Chance() => _random.Next(2) == 0;

    private T Pick<T>(params T[] items) => items[_random.Next(items.Length)];

    private T? Maybe<T>(Func<T> make)
        where T : class => Chance() ? make() : null;

    private ValueList<T> Several<T>(int least, int most, Func<T> make) => Enumerable.Range(0, _random.Next(least, most + 1))
        .Select(_ => make()).ToValueList();
}
