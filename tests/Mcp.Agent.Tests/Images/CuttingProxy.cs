using System.Net;
using System.Net.Sockets;

namespace Mcp.Agent.Tests.Images;

/// <summary>Passes connections on. The first one is cut after some bytes from the client.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private long _left;

    public CuttingProxy(Uri target, long cutAfter)
    {
        _left = cutAfter;
        _listener.Start();
        _ = AcceptAsync(target);
    }

    public Uri Address => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int Connections { get; private set; }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync(Uri target)
    {
        while (!_end.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_end.Token);
            var server = new TcpClient();
            await server.ConnectAsync(target.Host, target.Port, _end.Token);
            var isFirst = ++Connections == 1;
            _ = Task.WhenAny(CopyAsync(client, server, isFirst), CopyAsync(server, client, false)).ContinueWith(
                _ =>
                {
                    client.Dispose();
                    server.Dispose();
                },
                TaskScheduler.Default);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool isCut)
    {
        var buffer = new byte[64 * 1024];
        while (await from.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var count)
        {
            if (isCut && (_left -= count) < 0)
                return;
            await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _end.Token);
        }
    }
}
