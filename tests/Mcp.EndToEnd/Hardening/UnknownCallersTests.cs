using System.Diagnostics;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Mcp.Testing;

namespace Mcp.EndToEnd.Hardening;

/// <summary>Callers without a token cost nothing, and can't keep others out.</summary>
[Trait("Group", "e2e")]
public sealed class UnknownCallersTests
{
    private const string Item = "2 callers without a token";
    private const long Flat = 40 << 20;

    [Fact]
    public async Task Bodies_WithoutAToken_AreNotRead()
    {
        await using var agent = await ServiceAgent.StartAsync("");
        // What the agent needs once.
        await RefusedAsync(agent.Address, 20, 1);
        var (before, clock) = (HardeningTable.Resident(agent.Pid), Stopwatch.StartNew());

        await Task.WhenAll(RefusedAsync(agent.Address, 100, 4 << 20), RefusedAsync(agent.Address, 100, 4 << 20));

        var (after, took) = (HardeningTable.Resident(agent.Pid), clock.Elapsed);
        await RefusedAsync(agent.Address, 1, 1);
        Assert.True(after - before < Flat, $"{before} -> {after} bytes");
        HardeningTable.Add(Item, "2 connections, 100 streams of 4 MiB each", before, after, took, "all refused; the agent answers");
    }

    [Fact]
    public async Task Idle_WithPings_IsClosed()
    {
        await using var agent = await ServiceAgent.StartAsync("""
            [limits]
            idle = "2s"
            """);
        await using var connection = await RawHttp2.ConnectAsync(agent.Address);
        await connection.SendAsync([.. RawHttp2.Preface, .. RawHttp2.Frame(RawHttp2.Settings, 0, 0)]);
        var clock = Stopwatch.StartNew();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var closed = connection.DrainAsync(end.Token);
        while (await Task.WhenAny(closed, Task.Delay(TimeSpan.FromMilliseconds(200))) != closed)
        {
            try
            {
                await connection.SendAsync(RawHttp2.Frame(RawHttp2.Ping, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]));
            }
            catch (IOException)
            {
                break;
            }
        }
        await closed;

        HardeningTable.Add(
            Item, "an idle connection with a ping every 0.2 s, idle = 2s", null, null, clock.Elapsed, "closed by the agent");
    }

    [Fact]
    public async Task Connections_MoreThanDescriptors_DoNotEndTheAgent()
    {
        if (ChildProcessPath("prlimit") is null)
            return;
        await using var agent = await ServiceAgent.StartAsync(
            """
            [limits]
            idle = "2s"
            """, descriptors: 300);
        // A program that is not compiled ahead of time opens files for its code, which it needs once.
        await RefusedAsync(agent.Address, 1, 1);
        var (before, clock) = (HardeningTable.Resident(agent.Pid), Stopwatch.StartNew());
        var open = new List<Socket>();
        for (var i = 0; i < 400; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            open.Add(socket);
            try
            {
                await socket.ConnectAsync(agent.Address.Host, agent.Address.Port);
            }
            catch (SocketException)
            {
                // Refused already.
            }
        }
        var took = clock.Elapsed;
        var after = HardeningTable.Resident(agent.Pid);

        await Eventually.TrueAsync(
            () => Task.FromResult(agent.Output.Contains("connections since the last such line", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(30), () => agent.Output);
        Assert.True(agent.IsRunning, agent.Output);
        foreach (var socket in open)
            socket.Dispose();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await RefusedAsync(agent.Address, 1, 1);
                    return true;
                }
                catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal)
                {
                    return false;
                }
            }, TimeSpan.FromSeconds(30), () => agent.Output);
        HardeningTable.Add(
            Item, "400 connections of one address, 300 descriptors", before, after, took, "those beyond 64 refused; the agent answers");
    }

    private static string? ChildProcessPath(string name) => Mcp.Testing.Engines.ChildProcess.Find(name);

    /// <summary>Makes calls of one connection at once, which must all be refused as without a token.</summary>
    private static async Task RefusedAsync(Uri address, int calls, int bytes)
    {
        using var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true } },
        });
        var marshaller = Marshallers.Create<byte[]>(b => b, b => b);
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, "mcp.v1.NodeAgent", "Deploy", marshaller, marshaller);
        var body = new byte[bytes];
        await Task.WhenAll(Enumerable.Range(0, calls).Select(async _ =>
        {
            using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, null, default);
            try
            {
                await call.RequestStream.WriteAsync(body);
                await call.RequestStream.CompleteAsync();
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException)
            {
                // Refused before all was sent.
            }
            var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));
            if (error.StatusCode != StatusCode.Unauthenticated)
                throw error;
        }));
    }
}
