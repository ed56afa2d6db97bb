using System.Net;
using System.Net.Sockets;
using Mcp.Agent.Ports;
using Mcp.Agent.Tests.Registry;

namespace Mcp.Agent.Tests.Ports;

/// <summary>With real sockets.</summary>
public sealed class HostPortProbeTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("::")]
    public void IsFree_SomebodyListens_IsFalseUntilTheyLeave(string address)
    {
        if (!Socket.OSSupportsIPv6 && address.Contains(':', StringComparison.Ordinal))
            return;
        int port;
        using (var listener = new TcpListener(IPAddress.Parse(address), 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
            Assert.False(HostPortProbe.IsFree(null, port, "tcp"));
            Assert.False(HostPortProbe.IsFree(address, port, "tcp"));
        }

        Assert.True(HostPortProbe.IsFree(null, port, "tcp"));
    }

    [Fact]
    public void IsFree_UdpListener_TakesOnlyUdp()
    {
        using var listener = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)listener.Client.LocalEndPoint!).Port;

        Assert.False(HostPortProbe.IsFree(null, port, "udp"));
        Assert.True(HostPortProbe.IsFree(null, port, "tcp"));
    }

    [Fact]
    public void IsFree_AddressOfAnotherHost_IsLeftToTheEngine() => Assert.True(HostPortProbe.IsFree("192.0.2.1", 8080, "tcp"));

    [Fact]
    public void Reserve_OnTheRealHost_GivesAPortThatCanBeBoundAndIsNotEphemeral()
    {
        using var registry = new RegistryFixture();
        var options = new PortOptions();
        var allocator = new PortAllocator(registry.Store, options);

        using var reservation = allocator.Reserve([new("s", "a", "")], []);

        var port = reservation.Port("a", "");
        var ephemeral = EphemeralPorts.OfHost();
        Assert.InRange(port, options.Range.First, options.Range.Last);
        Assert.False(port >= ephemeral.First && port <= ephemeral.Last);
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
    }

    [Fact]
    public void Reserve_PortThatARealListenerHolds_IsNotGiven()
    {
        using var registry = new RegistryFixture();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var allocator = new PortAllocator(registry.Store, new() { Range = new(port, port), Ephemeral = new(1, 1) });

        Assert.Equal(
            AgentError.PortsExhausted,
            Assert.Throws<AgentException>(() => allocator.Reserve([new("s", "a", "", Preferred: port)], [])).Error);
        Assert.Equal(
            AgentError.PortTaken, Assert.Throws<AgentException>(() => allocator.Reserve([], [new("s", "a", "127.0.0.1", port)])).Error);
    }
}
