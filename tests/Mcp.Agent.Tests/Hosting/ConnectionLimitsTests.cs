using System.Net;
using Mcp.Agent.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Agent.Tests.Hosting;

public sealed class ConnectionLimitsTests
{
    [Fact]
    public async Task Admit_BeyondTheLimits_IsRefused_AndRoomThatIsFreedIsGivenAgain()
    {
        var limits = new ConnectionLimits(
            new() { Connections = 3, ConnectionsPerAddress = 2 }, new FakeTimeProvider(), NullLogger<ConnectionLimits>.Instance);
        var (one, other) = (Connection("192.0.2.1"), Connection("192.0.2.2"));
        // What is registered first is called last.
        var closed = new TaskCompletionSource();
        one.ConnectionClosed.Register(closed.SetResult);

        Assert.True(limits.Admit(one) && limits.Admit(Connection("192.0.2.1")) && limits.Admit(other));
        Assert.False(limits.Admit(Connection("192.0.2.1")), "a third one of an address");
        Assert.False(limits.Admit(Connection("192.0.2.3")), "a fourth one");

        one.Abort();
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(limits.Admit(Connection("192.0.2.1")));
    }

    private static DefaultConnectionContext Connection(string address) =>
        new() { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1) };

    [Theory]
    [InlineData(256, null, 256)]
    [InlineData(256, 1024L, 256)]
    [InlineData(256, 128L, 32)]
    [InlineData(256, 2L, 1)]
    public void Most_OfFewDescriptors_IsAQuarter(int wanted, long? descriptors, int most) =>
        Assert.Equal(most, ConnectionLimits.Most(wanted, descriptors));
}
