using Grpc.Compat.Tests.Probe;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.Compat.Tests.Wire;

/// <summary>What our client makes of a server that writes its bytes by hand.</summary>
public sealed class MalformedResponseTests
{
    [Theory]
    [InlineData("prefix cut short", StatusCode.Internal)]
    [InlineData("payload cut short", StatusCode.Internal)]
    [InlineData("flag 2", StatusCode.Internal)]
    [InlineData("flag 255", StatusCode.Internal)]
    [InlineData("compressed without encoding", StatusCode.Internal)]
    [InlineData("compressed with identity", StatusCode.Internal)]
    [InlineData("compressed with an unknown encoding", StatusCode.Internal)]
    [InlineData("compressed garbage", StatusCode.Internal)]
    [InlineData("a claim of four gigabytes", StatusCode.ResourceExhausted)]
    [InlineData("a claim over the limit", StatusCode.ResourceExhausted)]
    [InlineData("a small message that unpacks to a large one", StatusCode.ResourceExhausted)]
    [InlineData("not protobuf", StatusCode.Internal)]
    [InlineData("no message", StatusCode.Unimplemented)]
    [InlineData("two messages", StatusCode.Unimplemented)]
    public async Task Message_Malformed_GivesTheStatusOfTheProtocol(string what, StatusCode expected)
    {
        var (bytes, encoding) = Frames.Bad(what);
        await using var server = await RawAsync(async http =>
        {
            Begin(http.Response, encoding);
            await http.Response.Body.WriteAsync(bytes);
            http.Response.AppendTrailer("grpc-status", "0");
        });
        using var channel = Guard.Channel(server.Address);
        var client = new Probe.Probe.ProbeClient(channel);

        await Guard.FailsAsync(client.EchoAsync(new EchoRequest()), expected);
        if (expected == StatusCode.Unimplemented)
            return; // any number of messages is right where they stream
        using var streaming = client.Repeat(new EchoRequest());
        await Guard.FailsAsync(() => streaming.ResponseStream.MoveNext(), expected);
    }

    [Fact]
    public async Task Message_InGzip_IsRead()
    {
        await using var server = await RawAsync(async http =>
        {
            Begin(http.Response, "gzip");
            await http.Response.Body.WriteAsync(Frames.Frame(Frames.Gzip(Frames.Hello[5..]), flag: 1));
            http.Response.AppendTrailer("grpc-status", "0");
        });

        Assert.Equal("hello", await EchoAsync(server));
    }

    [Theory]
    [InlineData(null, StatusCode.Unknown)]
    [InlineData("", StatusCode.Unknown)]
    [InlineData("zero", StatusCode.Unknown)]
    [InlineData("-1", StatusCode.Unknown)]
    [InlineData("99", StatusCode.Unknown)]
    [InlineData("5", StatusCode.NotFound)]
    public async Task Trailers_Status_IsReadOrUnknown(string? status, StatusCode expected)
    {
        await using var server = await RawAsync(async http =>
        {
            Begin(http.Response);
            await http.Response.Body.WriteAsync(Frames.Hello);
            if (status is not null)
                http.Response.AppendTrailer("grpc-status", status);
        });
        using var channel = Guard.Channel(server.Address);
        var client = new Probe.Probe.ProbeClient(channel);

        await Guard.FailsAsync(client.EchoAsync(new EchoRequest()), expected);
        using var streaming = client.Repeat(new EchoRequest());
        Assert.True(await Guard.Within(streaming.ResponseStream.MoveNext()));
        await Guard.FailsAsync(() => streaming.ResponseStream.MoveNext(), expected);
    }

    [Theory]
    [InlineData("100%25 gr%C3%BC%C3%9fe", "100% grüße")]
    [InlineData("cut %C", "cut %C")]
    [InlineData("not hex %zz", "not hex %zz")]
    [InlineData("not UTF-8 %FF", "not UTF-8 \uFFFD")]
    public async Task Trailers_Message_IsDecodedWithoutFail(string sent, string expected)
    {
        await using var server = await RawAsync(http =>
        {
            Begin(http.Response);
            http.Response.Headers["grpc-status"] = "9";
            http.Response.Headers["grpc-message"] = sent;
            return Task.CompletedTask;
        });

        Assert.Equal(expected, (await FailsAsync(server, StatusCode.FailedPrecondition)).Status.Detail);
    }

    [Fact]
    public async Task Trailers_BinaryValueThatIsNotBase64_IsInternal()
    {
        await using var server = await RawAsync(async http =>
        {
            Begin(http.Response);
            await http.Response.Body.WriteAsync(Frames.Hello);
            http.Response.AppendTrailer("grpc-status", "0");
            http.Response.AppendTrailer("x-bytes-bin", "***");
        });

        await FailsAsync(server, StatusCode.Internal);
    }

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(431, StatusCode.Internal)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(302, StatusCode.Unknown)]
    [InlineData(418, StatusCode.Unknown)]
    [InlineData(500, StatusCode.Unknown)]
    [InlineData(200, StatusCode.Unknown)]
    public async Task Http_StatusWithoutGrpcStatus_IsMapped(int http, StatusCode expected)
    {
        await using var server = await RawAsync(context =>
        {
            context.Response.StatusCode = http;
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<html>a proxy's page</html>");
        });

        await FailsAsync(server, expected);
    }

    [Fact]
    public async Task Http_StatusWithGrpcStatus_GrpcStatusCounts()
    {
        await using var server = await RawAsync(http =>
        {
            Begin(http.Response);
            http.Response.StatusCode = 503;
            http.Response.Headers["grpc-status"] = "5";
            return Task.CompletedTask;
        });

        await FailsAsync(server, StatusCode.NotFound);
    }

    [Theory]
    [InlineData(0x0, StatusCode.Internal)]
    [InlineData(0x1, StatusCode.Internal)]
    [InlineData(0x2, StatusCode.Internal)]
    [InlineData(0x3, StatusCode.Internal)]
    [InlineData(0x8, StatusCode.Cancelled)]
    [InlineData(0xb, StatusCode.ResourceExhausted)]
    [InlineData(0xc, StatusCode.PermissionDenied)]
    public async Task Http2_StreamReset_IsMapped(int errorCode, StatusCode expected)
    {
        foreach (var afterHeaders in new[] { false, true })
        {
            await using var server = await RawAsync(async http =>
            {
                Begin(http.Response);
                if (afterHeaders)
                    await http.Response.Body.FlushAsync();
                http.Features.Get<IHttpResetFeature>()!.Reset(errorCode);
            });

            await FailsAsync(server, expected);
        }
    }

    [Fact]
    public async Task Deadline_ServerSendsHeadersAndNothingMore_IsDeadlineExceeded()
    {
        await using var server = await RawAsync(async http =>
        {
            Begin(http.Response);
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var channel = Guard.Channel(server.Address);

        await Guard.FailsAsync(
            new Probe.Probe.ProbeClient(channel).EchoAsync(new EchoRequest(), deadline: DateTime.UtcNow.AddMilliseconds(200)), StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task Http2_StreamRefused_IsUnavailableWhenTryingAgainDoesNotHelp()
    {
        await using var server = await RawAsync(http =>
        {
            http.Features.Get<IHttpResetFeature>()!.Reset(0x7);
            return Task.CompletedTask;
        });

        await FailsAsync(server, StatusCode.Unavailable);
    }

    private static Task<ProbeHost> RawAsync(RequestDelegate answer) => ProbeHost.StartAsync(map: app => app.Run(answer));

    private static void Begin(HttpResponse response, string? encoding = null)
    {
        response.ContentType = "application/grpc+proto";
        if (encoding is not null)
            response.Headers["grpc-encoding"] = encoding;
    }

    private static async Task<string> EchoAsync(ProbeHost server)
    {
        using var channel = Guard.Channel(server.Address);
        return (await Guard.Within(new Probe.Probe.ProbeClient(channel).EchoAsync(new EchoRequest()).ResponseAsync)).Text;
    }

    private static async Task<RpcException> FailsAsync(ProbeHost server, StatusCode expected)
    {
        using var channel = Guard.Channel(server.Address);
        return await Guard.FailsAsync(new Probe.Probe.ProbeClient(channel).EchoAsync(new EchoRequest()), expected);
    }
}
