using System.Net;
using System.Net.Sockets;
using Grpc.Compat.Tests.Probe;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Grpc.Compat.Tests.Wire;

/// <summary>What our client makes of connections that break or were never gRPC.</summary>
public sealed class BrokenConnectionTests
{
    [Fact]
    public async Task Connect_NobodyListens_IsUnavailable()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        await FailsAsync(new Uri($"http://127.0.0.1:{port}"), StatusCode.Unavailable);
    }

    [Fact]
    public async Task Connect_PeerClosesAtOnce_IsUnavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closing = Task.Run(async () => (await listener.AcceptTcpClientAsync()).Dispose());

        await FailsAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), StatusCode.Unavailable);
        await Guard.Within(closing);
    }

    [Fact]
    public async Task Connect_PeerSpeaksHttp1_FailsAndDoesNotHang()
    {
        await using var server = await ProbeHost.StartAsync(protocols: HttpProtocols.Http1);
        using var channel = Guard.Channel(server.Address);

        await Assert.ThrowsAsync<RpcException>(() => Guard.Within(new Probe.Probe.ProbeClient(channel).EchoAsync(new EchoRequest()).ResponseAsync));
    }

    [Fact]
    public async Task Connect_PeerNeverAnswers_DeadlineEndsTheCall()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var channel = Guard.Channel(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));

        await Guard.FailsAsync(
            new Probe.Probe.ProbeClient(channel).EchoAsync(new EchoRequest(), deadline: DateTime.UtcNow.AddMilliseconds(200)), StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task Tls_CertificateRefused_IsAnErrorWithItsCause()
    {
        await using var server = await ProbeHost.StartAsync(tls: true);
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(server.Address);

        var exception = await Guard.FailsAsync(new Probe.Probe.ProbeClient(channel).EchoAsync(new EchoRequest()), StatusCode.Internal);

        Assert.IsType<System.Security.Authentication.AuthenticationException>(exception.Status.DebugException?.InnerException);
    }

    private static async Task FailsAsync(Uri address, StatusCode expected)
    {
        using var channel = Guard.Channel(address);
        await Guard.FailsAsync(new Probe.Probe.ProbeClient(channel).EchoAsync(new EchoRequest()), expected);
    }
}
