using Grpc.Compat.Tests.Probe;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Grpc.Compat.Tests.Client;

public sealed class ChannelTests
{
    [Fact]
    public void Credentials_AgainstTheScheme_AreRefused()
    {
        Assert.Throws<InvalidOperationException>(() =>
            GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { Credentials = ChannelCredentials.SecureSsl }));
        Assert.Throws<InvalidOperationException>(() =>
            GrpcChannel.ForAddress("https://localhost", new GrpcChannelOptions { Credentials = ChannelCredentials.Insecure }));
        Assert.Throws<InvalidOperationException>(() => GrpcChannel.ForAddress("ftp://localhost"));
    }

    [Theory]
    [InlineData(true, "Bearer t")]
    [InlineData(false, null)] // never over a connection that anybody can read
    public async Task CallCredentials_GoOverTlsOnly(bool tls, string? expected)
    {
        await using var server = await ProbeHost.StartAsync(tls);
        using var channel = Guard.Channel(server.Address);
        var credentials = CallCredentials.FromInterceptor((context, metadata) =>
        {
            metadata.Add("x-authorization", "Bearer t");
            return Task.CompletedTask;
        });
        using var call = new Probe.Probe.ProbeClient(channel).EchoAsync(new EchoRequest(), new CallOptions(credentials: credentials));

        var headers = await Guard.Within(call.ResponseHeadersAsync);

        Assert.Equal(expected, headers.GetValue("x-authorization"));
    }

    [Fact]
    public async Task HttpClient_Given_MakesTheCalls()
    {
        await using var server = await ProbeHost.StartAsync();
        using var http = new HttpClient();
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { HttpClient = http });
        using var call = new Probe.Probe.ProbeClient(channel).Chat();

        await Guard.Within(call.RequestStream.WriteAsync(new EchoRequest { Text = "hello" }));

        Assert.True(await Guard.Within(call.ResponseStream.MoveNext()));
    }

    [Fact]
    public async Task Dispose_CallUnderWay_IsCancelled()
    {
        await using var server = await ProbeHost.StartAsync();
        var channel = Guard.Channel(server.Address);
        using var call = new Probe.Probe.ProbeClient(channel).Repeat(new EchoRequest { Count = 1, Hang = true, Text = "disposed" });
        Assert.True(await Guard.Within(call.ResponseStream.MoveNext()));

        var pending = call.ResponseStream.MoveNext();
        channel.Dispose();

        await Guard.FailsAsync(() => pending, StatusCode.Cancelled);
        await Guard.Within(server.Cancellations.Seen("disposed"));
        Assert.Throws<ObjectDisposedException>(() => channel.CreateCallInvoker());
    }

    [Fact]
    public async Task ThrowOperationCanceled_CancelledCall_ThrowsWithTheToken()
    {
        await using var server = await ProbeHost.StartAsync();
        using var channel = Guard.Channel(server.Address, options => options.ThrowOperationCanceledOnCancellation = true);
        using var cancel = new CancellationTokenSource();
        using var call = new Probe.Probe.ProbeClient(channel).Repeat(new EchoRequest { Count = 1, Hang = true, Text = "oce" }, cancellationToken: cancel.Token);
        Assert.True(await Guard.Within(call.ResponseStream.MoveNext()));

        await cancel.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Guard.Within(call.ResponseStream.MoveNext()));
        Assert.Equal(cancel.Token, exception.CancellationToken);
    }

    [Fact]
    public async Task Deadline_Past_SendsNothing()
    {
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1:1", new GrpcChannelOptions { HttpHandler = new Unreachable() });
        var client = new Probe.Probe.ProbeClient(channel);

        await Guard.FailsAsync(client.EchoAsync(new EchoRequest(), deadline: DateTime.UtcNow.AddSeconds(-1)), StatusCode.DeadlineExceeded);
        await Guard.FailsAsync(client.EchoAsync(new EchoRequest(), cancellationToken: new CancellationToken(canceled: true)), StatusCode.Cancelled);
        Assert.Throws<InvalidOperationException>(() => client.EchoAsync(new EchoRequest(), deadline: DateTime.Now));
    }

    [Fact]
    public async Task MaxSendMessageSize_LargerMessage_IsResourceExhausted()
    {
        await using var server = await ProbeHost.StartAsync();
        using var channel = Guard.Channel(server.Address, options => options.MaxSendMessageSize = 10);
        var client = new Probe.Probe.ProbeClient(channel);
        using var chat = client.Chat();

        await Guard.FailsAsync(client.EchoAsync(new EchoRequest { Text = "longer than ten bytes" }), StatusCode.ResourceExhausted);
        await Guard.FailsAsync(() => chat.RequestStream.WriteAsync(new EchoRequest { Text = "longer than ten bytes" }), StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task RequestStream_ServerEndsEarly_WriterGetsTheStatus()
    {
        await using var server = await ProbeHost.StartAsync(configure: options => options.Interceptors.Add<Refusal>());
        using var channel = Guard.Channel(server.Address);
        using var call = new Probe.Probe.ProbeClient(channel).Collect();

        await Guard.FailsAsync(
            async () =>
            {
                while (true)
                    await call.RequestStream.WriteAsync(new EchoRequest { Text = new string('a', 10_000) });
            },
            StatusCode.PermissionDenied);
        Assert.Equal(StatusCode.PermissionDenied, (await Guard.FailsAsync(() => call.ResponseAsync, StatusCode.PermissionDenied)).StatusCode);
    }

    [Fact]
    public async Task Interceptors_OnTheChannel_FirstIsOutermost()
    {
        await using var server = await ProbeHost.StartAsync();
        using var channel = Guard.Channel(server.Address);
        var seen = new List<string>();
        Metadata Note(string name, Metadata headers)
        {
            seen.Add(name);
            headers.Add("x-" + name, name);
            return headers;
        }
        var invoker = channel.Intercept(headers => Note("inner", headers)).Intercept(headers => Note("outer", headers));
        using var call = new Probe.Probe.ProbeClient(invoker).EchoAsync(new EchoRequest());

        var headers = await Guard.Within(call.ResponseHeadersAsync);

        Assert.Equal(["outer", "inner"], seen);
        Assert.Equal("inner", headers.GetValue("x-inner"));
    }

    [Fact]
    public async Task BlockingCall_Reply_IsReturned()
    {
        await using var server = await ProbeHost.StartAsync();
        using var channel = Guard.Channel(server.Address);

        Assert.Equal("hello", new Probe.Probe.ProbeClient(channel).Echo(new EchoRequest { Text = "hello" }, deadline: DateTime.UtcNow + Guard.Limit).Text);
    }

    [Fact]
    public async Task Status_BeforeTheEnd_IsAnError()
    {
        await using var server = await ProbeHost.StartAsync();
        using var channel = Guard.Channel(server.Address);
        using var call = new Probe.Probe.ProbeClient(channel).Chat();

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
    }

    private sealed class Refusal : Interceptor
    {
        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.PermissionDenied, "no"));
    }

    private sealed class Unreachable : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Nothing may be sent.");
    }
}
