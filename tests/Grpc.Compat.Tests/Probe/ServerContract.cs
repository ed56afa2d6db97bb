using Google.Protobuf;
using Grpc.Compat.Tests.Interop;
using Grpc.Core;
using Grpc.Net.Client;

namespace Grpc.Compat.Tests.Probe;

/// <summary>What our client gets from any server of probe.proto.</summary>
public abstract class ServerContract : IAsyncLifetime
{
    private GrpcChannel? channel;

    private protected abstract IProbePeer Peer { get; }

    private protected Probe.ProbeClient Client { get; private set; } = null!;

    public virtual Task InitializeAsync()
    {
        channel = Guard.Channel(Peer.Address, options => options.MaxReceiveMessageSize = null);
        Client = new Probe.ProbeClient(channel);
        return Task.CompletedTask;
    }

    public virtual Task DisposeAsync()
    {
        channel?.Dispose();
        return Task.CompletedTask;
    }

    [PeerFact]
    public virtual async Task Unary_Text_IsEchoed()
    {
        using var call = Client.EchoAsync(new EchoRequest { Text = "grüße, 世界" });

        Assert.Equal("grüße, 世界", (await Guard.Within(call.ResponseAsync)).Text);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [PeerFact]
    public async Task Unary_EmptyMessage_IsEchoed() =>
        Assert.Equal(new EchoReply(), await Guard.Within(Client.EchoAsync(new EchoRequest()).ResponseAsync));

    [PeerFact]
    public async Task Unary_EightMebibytes_AreEchoed()
    {
        var payload = new byte[8 * 1024 * 1024];
        new Random(1).NextBytes(payload);

        var reply = await Guard.Within(Client.EchoAsync(new EchoRequest { Payload = ByteString.CopyFrom(payload) }).ResponseAsync);

        Assert.True(payload.AsSpan().SequenceEqual(reply.Payload.Span));
    }

    [PeerFact]
    public async Task ServerStreaming_Count_GivesSoManyReplies()
    {
        using var call = Client.Repeat(new EchoRequest { Text = "no", Count = 100 });

        var texts = new List<string>();
        await Guard.Within(Task.Run(async () =>
        {
            await foreach (var reply in call.ResponseStream.ReadAllAsync())
                texts.Add(reply.Text);
        }));

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"no {i}"), texts);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [PeerFact]
    public async Task ServerStreaming_ErrorAfterMessages_ComesAfterThem()
    {
        using var call = Client.Repeat(new EchoRequest { Text = "später", Count = 2, FailCode = (int)StatusCode.Aborted });

        Assert.True(await Guard.Within(call.ResponseStream.MoveNext()));
        Assert.True(await Guard.Within(call.ResponseStream.MoveNext()));
        var exception = await Guard.FailsAsync(() => call.ResponseStream.MoveNext(), StatusCode.Aborted);
        Assert.Equal("später", exception.Status.Detail);
    }

    [PeerFact]
    public async Task ClientStreaming_Requests_AreCollected()
    {
        using var call = Client.Collect();

        for (var i = 0; i < 50; i++)
            await Guard.Within(call.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}" }));
        await Guard.Within(call.RequestStream.CompleteAsync());

        Assert.Equal(string.Join(',', Enumerable.Range(0, 50)), (await Guard.Within(call.ResponseAsync)).Text);
    }

    [PeerFact]
    public async Task ClientStreaming_NoRequest_IsAnEmptyCollection()
    {
        using var call = Client.Collect();
        await Guard.Within(call.RequestStream.CompleteAsync());

        Assert.Equal("", (await Guard.Within(call.ResponseAsync)).Text);
    }

    [PeerFact]
    public async Task Duplex_PingPong_AnswersEachBeforeTheNext()
    {
        using var call = Client.Chat();
        for (var i = 0; i < 20; i++)
        {
            await Guard.Within(call.RequestStream.WriteAsync(new EchoRequest { Text = $"ball {i}" }));
            Assert.True(await Guard.Within(call.ResponseStream.MoveNext()));
            Assert.Equal($"ball {i}", call.ResponseStream.Current.Text);
        }
        await Guard.Within(call.RequestStream.CompleteAsync());

        Assert.False(await Guard.Within(call.ResponseStream.MoveNext()));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [PeerFact]
    public async Task Metadata_TextAndBytes_ComeBackInHeadersAndTrailers()
    {
        byte[] bytes = [0, 1, 2, 0xFE, 0xFF];
        using var call = Client.EchoAsync(new EchoRequest(), new Metadata { { "x-text", "words, with comma" }, { "x-bytes-bin", bytes } });

        var headers = await Guard.Within(call.ResponseHeadersAsync);
        await Guard.Within(call.ResponseAsync);

        foreach (var metadata in new[] { headers, call.GetTrailers() })
        {
            Assert.Equal("words, with comma", metadata.GetValue("x-text"));
            Assert.Equal(bytes, metadata.GetValueBytes("x-bytes-bin"));
        }
    }

    [PeerFact]
    public Task Error_NonAsciiDetails_ComeThrough() => Error(StatusCode.NotFound, "nicht gefunden: Größe 100 % 世界\nzweite Zeile");

    [PeerFact]
    public Task Error_NoDetails_IsTheStatusAlone() => Error(StatusCode.Unauthenticated, "");

    [PeerFact]
    public async Task Deadline_Passes_EndsTheClientsCall() =>
        await Guard.FailsAsync(Client.EchoAsync(new EchoRequest { Hang = true }, deadline: DateTime.UtcNow.AddMilliseconds(100)), StatusCode.DeadlineExceeded);

    [PeerFact]
    public async Task Deadline_Passes_EndsBothSides()
    {
        // A call whose deadline passes on the way never reaches the server's code, and how long the way takes is the machine's business.
        for (var limit = TimeSpan.FromMilliseconds(300); ; limit *= 2)
        {
            var id = Guid.NewGuid().ToString();
            using var call = Client.Repeat(new EchoRequest { Count = 1, Hang = true, Text = id }, deadline: DateTime.UtcNow + limit);
            var reached = false;

            await Guard.FailsAsync(
                async () =>
                {
                    reached = await call.ResponseStream.MoveNext();
                    await call.ResponseStream.MoveNext();
                },
                StatusCode.DeadlineExceeded);

            if (!reached && limit < Guard.Limit / 4)
                continue;
            Assert.True(reached);
            await Guard.Within(Client.AwaitCancelledAsync(new EchoRequest { Text = id }).ResponseAsync);
            return;
        }
    }

    [PeerFact]
    public async Task Cancellation_ByToken_EndsBothSides()
    {
        var id = Guid.NewGuid().ToString();
        using var cancel = new CancellationTokenSource();
        using var call = Client.Repeat(new EchoRequest { Count = 1, Hang = true, Text = id }, cancellationToken: cancel.Token);
        Assert.True(await Guard.Within(call.ResponseStream.MoveNext()));

        await cancel.CancelAsync();

        await Guard.FailsAsync(() => call.ResponseStream.MoveNext(), StatusCode.Cancelled);
        await Guard.Within(Client.AwaitCancelledAsync(new EchoRequest { Text = id }).ResponseAsync);
    }

    [PeerFact]
    public async Task Cancellation_ByDispose_EndsTheServersCall()
    {
        var id = Guid.NewGuid().ToString();
        using (var call = Client.Repeat(new EchoRequest { Count = 1, Hang = true, Text = id }))
            Assert.True(await Guard.Within(call.ResponseStream.MoveNext()));

        await Guard.Within(Client.AwaitCancelledAsync(new EchoRequest { Text = id }).ResponseAsync);
    }

    [PeerFact]
    public async Task UnknownMethod_IsUnimplemented() =>
        await Guard.FailsAsync(Client.MissingAsync(new EchoRequest()), StatusCode.Unimplemented);

    [PeerFact]
    public async Task SizeLimit_OfTheClient_IsResourceExhausted()
    {
        using var limited = Guard.Channel(Peer.Address);

        await Guard.FailsAsync(
            new Probe.ProbeClient(limited).EchoAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[5 * 1024 * 1024]) }),
            StatusCode.ResourceExhausted);
    }

    [PeerFact]
    public async Task SizeLimit_OfTheServer_IsResourceExhausted()
    {
        using var limited = Guard.Channel(Peer.LimitedAddress);

        await Guard.FailsAsync(
            new Probe.ProbeClient(limited).EchoAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[5 * 1024 * 1024]) }),
            StatusCode.ResourceExhausted);
    }

    [PeerFact]
    public async Task CompressedReplies_AreRead()
    {
        // Where the peer can compress, its limited server does.
        using var limited = Guard.Channel(Peer.LimitedAddress);
        var text = new string('a', 10_000);

        Assert.Equal(text, (await Guard.Within(new Probe.ProbeClient(limited).EchoAsync(new EchoRequest { Text = text }).ResponseAsync)).Text);
    }

    [PeerFact]
    public async Task ManyCalls_AtOnce_AllGetTheirOwnAnswer()
    {
        var calls = Enumerable.Range(0, 300).Select(i => Client.EchoAsync(new EchoRequest { Text = $"{i}" }).ResponseAsync);

        var replies = await Guard.Within(Task.WhenAll(calls));

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), replies.Select(reply => reply.Text));
    }

    private async Task Error(StatusCode code, string message)
    {
        byte[] details = [8, 5, 0xFF];

        var exception = await Guard.FailsAsync(
            Client.EchoAsync(new EchoRequest { FailCode = (int)code, Text = message, Payload = ByteString.CopyFrom(details) }), code);

        Assert.Equal(message, exception.Status.Detail);
        Assert.Equal(details, exception.Trailers.GetValueBytes("grpc-status-details-bin"));
    }
}
