using System.Net;
using System.Net.Sockets;
using System.Text;
using Mcp.Agent.Deploy.Health;
using Mcp.Core.Planning;
using Mcp.Testing;

namespace Mcp.Agent.Tests.Deploy.Health;

/// <summary>Probes against real sockets.</summary>
public sealed class NetworkProbeTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ProbeAddress _address;

    public NetworkProbeTests()
    {
        _listener.Start();
        _address = new("route site", "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Http_ExpectedStatus_IsWellAndSendsPathAndHost()
    {
        var request = ServeAsync("HTTP/1.1 204 No Content\r\n\r\n");

        var answer = await new HttpProbe(_address, "/healthz?full=1", "a.example:8443", 204).AskAsync(default);

        Assert.True(answer.IsGood, answer.Text);
        Assert.Contains("answered 204 No Content", answer.Text, StringComparison.Ordinal);
        var sent = await request;
        Assert.StartsWith("GET /healthz?full=1 HTTP/1.1", sent, StringComparison.Ordinal);
        Assert.Contains("Host: a.example:8443", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_OtherStatus_TellsItWithTheBody()
    {
        _ = ServeAsync("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 19\r\n\r\nno\ndatabase \u001b[31m !");

        var answer = await new HttpProbe(_address, "/", null, 200).AskAsync(default);

        Assert.Equal((false, $"GET http://127.0.0.1:{_address.Port}/ answered 503 Service Unavailable instead of 200: no database [31m !"),
            (answer.IsGood, answer.Text));
    }

    [Fact]
    public async Task Http_Redirect_IsNotFollowed()
    {
        _ = ServeAsync("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n");

        var answer = await new HttpProbe(_address, "/", null, 200).AskAsync(default);

        Assert.EndsWith("answered 302 Found instead of 200, to /login", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_AndTcp_NobodyListens_SaysRefused()
    {
        _listener.Stop();

        var answers = new[] { await new HttpProbe(_address, "/", null, 200).AskAsync(default),
            await new TcpProbe(_address, TimeProvider.System).AskAsync(default) };

        Assert.All(answers, a => Assert.False(a.IsGood));
        Assert.All(answers, a => Assert.Contains("refused", a.Text, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Http_NotHttp_IsAnAnswer()
    {
        _ = ServeAsync("SSH-2.0-x\r\n\r\n");

        Assert.False((await new HttpProbe(_address, "/", null, 200).AskAsync(default)).IsGood);
    }

    [Fact]
    public async Task Tcp_AcceptedAndKeptOpen_IsWell()
    {
        var time = new WatchedTimeProvider();
        var asking = new TcpProbe(_address, time).AskAsync(default);
        using var client = await _listener.AcceptSocketAsync();
        await time.WaitForTimerAsync();
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new ProbeAnswer(true, "route site accepts connections"), await asking);
    }

    [Fact]
    public async Task Tcp_AcceptedAndClosed_IsAForwarderWithNobodyBehind()
    {
        var asking = new TcpProbe(_address, new WatchedTimeProvider()).AskAsync(default);
        (await _listener.AcceptSocketAsync()).Close();

        var answer = await asking;

        Assert.False(answer.IsGood);
        Assert.Contains("closed at once", answer.Text, StringComparison.Ordinal);
    }

    /// <summary>Answers one request; returns it.</summary>
    private async Task<string> ServeAsync(string answer)
    {
        using var client = await _listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var buffer = new byte[4096];
        var text = "";
        while (!text.Contains("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer) is > 0 and var read)
            text += Encoding.ASCII.GetString(buffer, 0, read);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        return text;
    }
}
