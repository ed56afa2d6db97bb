using System.Net;
using System.Net.Http.Headers;
using Grpc.Compat.Tests.Probe;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Grpc.Compat.Tests.Wire;

/// <summary>What our server answers to a client that writes its bytes by hand.</summary>
public sealed class MalformedRequestTests(PlainProbe server) : IClassFixture<PlainProbe>
{
    private const string Echo = "/grpc.compat.tests.Probe/Echo";

    [Theory]
    [InlineData("prefix cut short", StatusCode.Internal)]
    [InlineData("payload cut short", StatusCode.Internal)]
    [InlineData("flag 2", StatusCode.Internal)]
    [InlineData("flag 255", StatusCode.Internal)]
    [InlineData("compressed without encoding", StatusCode.Internal)]
    [InlineData("compressed with identity", StatusCode.Internal)]
    [InlineData("compressed with an unknown encoding", StatusCode.Unimplemented)]
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

        using var response = await PostAsync(Echo, bytes, headers =>
        {
            if (encoding is not null)
                headers.Add("grpc-encoding", encoding);
        });

        Assert.Equal(expected, StatusOf(response));
        Assert.Equal("identity,gzip", string.Join(",", response.Headers.GetValues("grpc-accept-encoding")));
    }

    [Theory]
    [InlineData("/grpc.compat.tests.Probe/Nothing")]
    [InlineData("/no.such.Service/Echo")]
    public async Task Path_Unknown_IsUnimplementedInTheHeaders(string path)
    {
        using var response = await PostAsync(path, Frames.Hello);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("12", response.Headers.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task Path_UnknownAndNotGrpc_IsLeftToOthers()
    {
        using var response = await PostAsync("/no.such.Service/Echo", Frames.Hello, contentType: "application/json");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    public async Task ContentType_NotGrpc_IsUnsupportedMediaType(string contentType)
    {
        using var response = await PostAsync(Echo, Frames.Hello, contentType: contentType);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    public async Task ContentType_Grpc_IsServed(string contentType)
    {
        using var response = await PostAsync(Echo, Frames.Hello, contentType: contentType);

        Assert.Equal(StatusCode.OK, StatusOf(response));
        Assert.Equal(Frames.Hello, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Version_Http1_IsUpgradeRequired()
    {
        await using var http1 = await ProbeHost.StartAsync(protocols: HttpProtocols.Http1);
        using var http = new HttpClient();
        using var content = Content(Frames.Hello, "application/grpc");

        using var response = await Guard.Within(http.PostAsync(new Uri(http1.Address, Echo), content));

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("-5S")]
    [InlineData("5x")]
    [InlineData("123456789S")]
    public async Task Timeout_Malformed_IsInternal(string timeout)
    {
        using var response = await PostAsync(Echo, Frames.Hello, headers => headers.TryAddWithoutValidation("grpc-timeout", timeout));

        Assert.Equal(StatusCode.Internal, StatusOf(response));
    }

    [Fact]
    public async Task Metadata_BinaryThatIsNotBase64_IsInternal()
    {
        using var response = await PostAsync(Echo, Frames.Hello, headers => headers.TryAddWithoutValidation("x-bytes-bin", "***"));

        Assert.Equal(StatusCode.Internal, StatusOf(response));
    }

    [Fact]
    public async Task Metadata_BinaryPaddedUnpaddedAndJoined_IsRead()
    {
        using var response = await PostAsync(Echo, Frames.Hello, headers => headers.TryAddWithoutValidation("x-bytes-bin", "AQ==,AQ, AQI"));

        Assert.Equal(["AQ", "AQ", "AQI"], response.Headers.GetValues("x-bytes-bin").SelectMany(value => value.Split(',')).Select(value => value.Trim()));
    }

    [Fact]
    public async Task Deadline_RequestThatNeverEnds_IsAnsweredAllTheSame()
    {
        using var endless = new EndlessContent();

        using var response = await SendAsync(Echo, endless, headers => headers.Add("grpc-timeout", "200m"));

        Assert.Equal(StatusCode.DeadlineExceeded, StatusOf(response));
    }

    [Fact]
    public async Task Exhaustion_ManyBrokenCalls_LeaveTheServerWell()
    {
        await Guard.Within(Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            using var response = await PostAsync(Echo, Frames.Bad("payload cut short").Bytes);
            Assert.Equal(StatusCode.Internal, StatusOf(response));
        })));

        using var fine = await PostAsync(Echo, Frames.Hello);
        Assert.Equal(StatusCode.OK, StatusOf(fine));
    }

    private Task<HttpResponseMessage> PostAsync(
        string path, byte[] body, Action<HttpRequestHeaders>? headers = null, string contentType = "application/grpc") =>
        SendAsync(path, Content(body, contentType), headers);

    private async Task<HttpResponseMessage> SendAsync(string path, HttpContent content, Action<HttpRequestHeaders>? headers = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        headers?.Invoke(request.Headers);
        var response = await Guard.Within(server.Http.SendAsync(request));
        await Guard.Within(response.Content.LoadIntoBufferAsync());
        return response;
    }

    private static ByteArrayContent Content(byte[] body, string contentType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("content-type", contentType);
        return content;
    }

    private static StatusCode StatusOf(HttpResponseMessage response)
    {
        var found = response.TrailingHeaders.TryGetValues("grpc-status", out var values) || response.Headers.TryGetValues("grpc-status", out values);
        Assert.True(found, "no grpc-status");
        return (StatusCode)int.Parse(values!.Single(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed class EndlessContent : HttpContent
    {
        private readonly CancellationTokenSource disposed = new();

        public EndlessContent() => Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[] { 0, 0, 0, 0, 10, 1 });
            await stream.FlushAsync();
            await Task.Delay(Timeout.Infinite, disposed.Token);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                disposed.Cancel();
            base.Dispose(disposing);
        }
    }
}

/// <summary>Our server and a plain HTTP client.</summary>
public sealed class PlainProbe : IAsyncLifetime
{
    private ProbeHost? host;

    public Uri Address => host!.Address;

    public HttpClient Http { get; } = new();

    public async Task InitializeAsync() => host = await ProbeHost.StartAsync();

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await host!.DisposeAsync();
    }
}
