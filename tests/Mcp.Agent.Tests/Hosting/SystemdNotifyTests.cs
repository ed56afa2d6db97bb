using System.Net.Sockets;
using System.Text;
using Mcp.Agent.Hosting;
using Mcp.Testing;

namespace Mcp.Agent.Tests.Hosting;

public sealed class SystemdNotifyTests
{
    [Fact]
    public async Task Ready_ThenStopping_ArriveAsDatagrams()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new TempFolder();
        var path = folder.File("notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));

        var notify = new SystemdNotify(path);
        notify.Ready("listening");
        Assert.Equal("READY=1\nSTATUS=listening", await ReceiveAsync(manager));
        notify.Stopping();
        Assert.StartsWith("STOPPING=1\n", await ReceiveAsync(manager), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/nowhere/at/all")]
    public void Ready_NobodyListens_DoesNoHarm(string? path) => new SystemdNotify(path).Ready("listening");

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[1000];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var length = await socket.ReceiveAsync(buffer, patience.Token);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
