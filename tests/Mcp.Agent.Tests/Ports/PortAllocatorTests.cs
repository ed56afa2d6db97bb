using System.Collections.Concurrent;
using Mcp.Agent.Ports;
using Mcp.Agent.Registry;
using Mcp.Agent.Tests.Registry;

namespace Mcp.Agent.Tests.Ports;

public sealed class PortAllocatorTests : IDisposable
{
    private static readonly PortRange NoEphemeral = new(1, 0);

    private readonly RegistryFixture _registry = new();
    private readonly HashSet<int> _inUse = [];

    public void Dispose() => _registry.Dispose();

    [Fact]
    public void Reserve_Routes_GivesEachItsOwnPortInTheRange()
    {
        var allocator = Allocator(20000, 20002);

        using var reservation = allocator.Reserve([new("s", "a", "x"), new("s", "a", "y"), new("s", "b", "")], []);

        Assert.Equal([20000, 20001, 20002], reservation.RoutesOf("a").Concat(reservation.RoutesOf("b")).Select(p => p.HostPort).Order());
        Assert.Equal(["x", "y"], reservation.RoutesOf("a").Select(p => p.RouteName));
        Assert.Equal(reservation.RoutesOf("b")[0].HostPort, reservation.Port("b", ""));
    }

    [Fact]
    public void Reserve_PortsInUseStoredFixedOrReserved_AreAvoided()
    {
        var allocator = Allocator(20000, 20004);
        _inUse.Add(20000);
        _registry.Store.Save(StoredServices.Small("stored", hostPort: 20001));
        _registry.Store.Save(WithFixedPort("fixed", 20002));
        using var other = allocator.Reserve([new("other", "other", "", Preferred: 20003)], []);

        using var reservation = allocator.Reserve([new("s", "a", "")], []);

        Assert.Equal(20004, reservation.Port("a", ""));
    }

    [Fact]
    public void Reserve_EphemeralPorts_AreAvoided()
    {
        var allocator = new PortAllocator(_registry.Store, new() { Range = new(100, 110), Ephemeral = new(101, 109) }, new(1), IsFree);

        using var reservation = allocator.Reserve([new("s", "a", "x"), new("s", "a", "y")], []);

        Assert.Equal([100, 110], reservation.RoutesOf("a").Select(p => p.HostPort).Order());
    }

    [Fact]
    public void Reserve_PreferredThatIsFree_IsKeptEvenOutsideTheRange()
    {
        _registry.Store.Save(StoredServices.Small("s", hostPort: 5000));

        using var reservation = Allocator(20000, 20000).Reserve([new("s", "s", "", Preferred: 5000)], []);

        Assert.Equal(5000, reservation.Port("s", ""));
    }

    [Theory]
    [InlineData(true, 5000)]
    [InlineData(false, 20000)]
    public void Reserve_PreferredInUse_IsKeptOnlyWhenOursHoldsIt(bool ours, int expected)
    {
        _inUse.Add(5000);

        using var reservation = Allocator(20000, 20000).Reserve([new("s", "s", "", Preferred: 5000, PreferredIsOurs: ours)], []);

        Assert.Equal(expected, reservation.Port("s", ""));
    }

    [Fact]
    public void Reserve_PreferredThatAnotherServiceHasStored_IsReplaced()
    {
        _registry.Store.Save(StoredServices.Small("other", hostPort: 5000));

        using var reservation = Allocator(20000, 20000).Reserve([new("s", "s", "", Preferred: 5000)], []);

        Assert.Equal(20000, reservation.Port("s", ""));
    }

    [Fact]
    public void Reserve_NewRouteNextToOneThatKeepsItsPort_NeverTakesThatPort()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var allocator = Allocator(20000, 20001, seed);
            using var reservation = allocator.Reserve([new("s", "a", "new"), new("s", "a", "old", Preferred: 20000)], []);

            Assert.Equal((20001, 20000), (reservation.Port("a", "new"), reservation.Port("a", "old")));
        }
    }

    [Fact]
    public void Reserve_WithoutPreferred_LeavesItsOwnOldPortAlone()
    {
        _registry.Store.Save(StoredServices.Small("s", hostPort: 20000));

        using var reservation = Allocator(20000, 20001).Reserve([new("s", "s", "")], []);

        Assert.Equal(20001, reservation.Port("s", ""));
    }

    [Fact]
    public void Dispose_WithoutCommit_GivesThePortBack()
    {
        var allocator = Allocator(20000, 20000);
        allocator.Reserve([new("s", "a", "")], []).Dispose();

        using var again = allocator.Reserve([new("s", "a", "")], []);

        Assert.Equal(20000, again.Port("a", ""));
    }

    [Fact]
    public void Commit_OncePortsAreStored_KeepsThemTaken()
    {
        var allocator = Allocator(20000, 20000);
        using (var reservation = allocator.Reserve([new("s", "s", "")], []))
        {
            _registry.Store.Save(StoredServices.Small("s", reservation.Port("s", "")));
            reservation.Commit();
        }

        Assert.Throws<AgentException>(() => allocator.Reserve([new("t", "t", "")], []));
        _registry.Store.Remove("s");
        allocator.Reserve([new("t", "t", "")], []).Dispose();
    }

    [Fact]
    public void Reserve_NothingLeft_SaysWhatWasTriedAndReservesNothing()
    {
        var allocator = Allocator(20000, 20001);

        var refusal =
            Assert.Throws<AgentException>(() => allocator.Reserve([new("s", "a", "x"), new("s", "a", "y"), new("s", "a", "z")], []));

        Assert.Equal("ports-exhausted", refusal.Id);
        Assert.Contains("s/a (route z): all 2 of 20000-20001", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("agent.toml", refusal.Remedy, StringComparison.Ordinal);
        using var after = allocator.Reserve([new("s", "a", "x"), new("s", "a", "y")], []);
    }

    [Fact]
    public void Reserve_EphemeralRangeCoversAll_NamesIt()
    {
        var allocator = new PortAllocator(_registry.Store, new() { Ephemeral = new(1024, 65535) }, new(1), IsFree);

        var refusal = Assert.Throws<AgentException>(() => allocator.Reserve([new("s", "a", "")], []));

        Assert.Contains(
            "ephemeral port range 1024-65535 leaves nothing of the agent's 10000-60000", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reserve_FixedPortOfAnotherService_NamesTheOwner()
    {
        _registry.Store.Save(WithFixedPort("blog", 8080));

        var refusal = Assert.Throws<AgentException>(() => Allocator().Reserve([], [new("shop", "web", null, 8080)]));

        Assert.Equal("port-taken", refusal.Id);
        Assert.Equal("host port 8080 of shop/web is taken by component blog/web (a fixed port)", refusal.Message);
    }

    [Fact]
    public void Reserve_FixedPortInUseByAStranger_SaysSo()
    {
        _inUse.Add(8080);

        var refusal = Assert.Throws<AgentException>(() => Allocator().Reserve([], [new("shop", "web", null, 8080)]));

        Assert.Contains("in use by another process", refusal.Message, StringComparison.Ordinal);
        Allocator().Reserve([], [new("shop", "web", null, 8080, IsOurs: true)]).Dispose();
    }

    [Theory]
    [InlineData("10.0.0.2", "tcp", true)]
    [InlineData("10.0.0.1", "udp", true)]
    [InlineData("10.0.0.1", "tcp", false)]
    [InlineData(null, "tcp", false)]
    [InlineData("0.0.0.0", "tcp", false)]
    public void Reserve_FixedPortNextToOneOfAnotherService_DependsOnAddressAndProtocol(string? ip, string protocol, bool allowed)
    {
        var allocator = Allocator();
        using var blog = allocator.Reserve([], [new("blog", "web", "10.0.0.1", 8080)]);

        if (allowed)
            allocator.Reserve([], [new("shop", "web", ip, 8080, protocol)]).Dispose();
        else
            Assert.Throws<AgentException>(() => allocator.Reserve([], [new("shop", "web", ip, 8080, protocol)]));
    }

    [Fact]
    public void Reserve_FixedPortThatTheServicesOwnRouteHad_MovesTheRoute()
    {
        _registry.Store.Save(StoredServices.Small("s", hostPort: 8080));

        using var reservation = Allocator(20000, 20000)
            .Reserve([new("s", "s", "", Preferred: 8080, PreferredIsOurs: true)], [new("s", "s", null, 8080, IsOurs: true)]);

        Assert.Equal(20000, reservation.Port("s", ""));
    }

    [Fact]
    public async Task Reserve_FromManyThreads_NeverGivesAPortTwice()
    {
        const int Deploys = 60;
        var looking = 0;
        var overlapped = false;
        var allocator = new PortAllocator(
            _registry.Store, new() { Range = new(20000, 20000 + (2 * Deploys) - 1), Ephemeral = NoEphemeral }, new(1), (_, _, _) =>
        {
            // Two that look at the same time are the mistake, whether or not they then pick the same port.
            overlapped |= Interlocked.Increment(ref looking) > 1;
            Thread.Sleep(1);
            Interlocked.Decrement(ref looking);
            return true;
        });
        var given = new ConcurrentBag<int>();

        await Parallel.ForEachAsync(Enumerable.Range(0, Deploys), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var service = $"s{i}";
            using var reservation = allocator.Reserve([new(service, service, ""), new(service, "other", "")], []);
            await Task.Yield();
            given.Add(reservation.Port("other", ""));
            var port = reservation.Port(service, "");
            given.Add(port);
            _registry.Store.Save(StoredServices.Small(service, port));
            _registry.Store.Save(StoredServices.Small(service + "-other", reservation.Port("other", "")));
            reservation.Commit();
        });

        Assert.False(overlapped);
        Assert.Equal(Enumerable.Range(20000, 2 * Deploys), given.Order());
    }

    [Fact]
    public void Reserve_ManyTimes_SpreadsOverTheRange()
    {
        var allocator = Allocator(10000, 59999);

        var ports = Enumerable.Range(0, 50).Select(i => allocator.Reserve([new($"s{i}", "a", "")], []).Port("a", "")).ToList();

        Assert.True(ports.Max() - ports.Min() > 20000);
        Assert.NotEqual(ports.Order(), ports);
    }

    private PortAllocator Allocator(int first = 20000, int last = 20100, int seed = 1) =>
        new(_registry.Store, new() { Range = new(first, last), Ephemeral = NoEphemeral }, new(seed), IsFree);

    private bool IsFree(string? hostIp, int port, string protocol) => !_inUse.Contains(port);

    private static StoredService WithFixedPort(string service, int port)
    {
        var stored = StoredServices.Small(service);
        var component = stored.Components[0] with { Definition = new() { Name = "web", Image = "x:v1", Ports = [new(null, port, 80)] } };
        return stored with { Definition = stored.Definition with { Components = [component.Definition] }, Components = [component] };
    }
}
