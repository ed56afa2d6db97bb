using System.Net;
using System.Net.Sockets;
using Mcp.Core.Images;
using Mcp.Testing;
using static Mcp.Core.Tests.Images.Distribution.ClientUnderTest;
using static Mcp.Core.Tests.Images.Distribution.FakeRegistryHandler;

namespace Mcp.Core.Tests.Images.Distribution;

public sealed class RegistryRetryTests
{
    private readonly WatchedTimeProvider _time = new();

    [Fact]
    public async Task FindDigest_BusyWithRetryAfter_WaitsAsLongAsAsked()
    {
        var answers = 0;
        using var registry = new FakeRegistryHandler(
            _ => ++answers == 1 ? Refusal(HttpStatusCode.TooManyRequests, headers: [("Retry-After", "7")]) : Found());
        using var client = Create(registry, time: _time);

        var digest = client.FindDigestAsync(App, default);
        await _time.WaitForTimerAsync();
        _time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(digest.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(Digest, await digest);
    }

    [Fact]
    public async Task FindDigest_RetryAfterAsDate_IsUnderstood()
    {
        var answers = 0;
        using var registry = new FakeRegistryHandler(
            _ =>
                ++answers == 1
                    ? Refusal(HttpStatusCode.ServiceUnavailable, headers: [("Retry-After", _time.GetUtcNow().AddSeconds(5).ToString("R"))])
                    : Found());
        using var client = Create(registry, time: _time);

        var digest = client.FindDigestAsync(App, default);
        await _time.WaitForTimerAsync();
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(Digest, await digest);
    }

    [Fact]
    public async Task FindDigest_RetryAfterTooLong_FailsAtOnceAndSaysWhenToComeBack()
    {
        using var registry = new FakeRegistryHandler(_ => Refusal(HttpStatusCode.TooManyRequests, """{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit"}]}""", headers: [("Retry-After", "3600")]));
        using var client = Create(registry, time: _time);

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => client.FindDigestAsync(App, default));

        Assert.Equal(ImageRegistryError.RateLimited, error.Error);
        Assert.Contains("pull rate limit", error.Message, StringComparison.Ordinal);
        Assert.Contains("try again in 3600 s", error.Remedy, StringComparison.Ordinal);
        Assert.Single(registry.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task FindDigest_BrokenForGood_GivesUpAfterFourAttempts(HttpStatusCode status)
    {
        using var registry = new FakeRegistryHandler(_ => Refusal(status, "upstream is away", "text/plain"));
        using var client = Create(registry, time: _time);

        var digest = client.FindDigestAsync(App, default);
        await AdvanceUntilDoneAsync(digest);
        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => digest);

        Assert.Equal(ImageRegistryError.ServerError, error.Error);
        Assert.Contains("upstream is away", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, registry.Requests.Count);
    }

    [Fact]
    public async Task FindDigest_ConnectionBreaksOnce_TriesAgain()
    {
        var answers = 0;
        using var registry = new FakeRegistryHandler(
            _ => ++answers == 1 ? throw new HttpRequestException(HttpRequestError.ResponseEnded, "ended early") : Found());
        using var client = Create(registry, time: _time);

        var digest = client.FindDigestAsync(App, default);
        await AdvanceUntilDoneAsync(digest);

        Assert.Equal(Digest, await digest);
    }

    [Fact]
    public async Task FindDigest_NobodyListens_IsUnreachableAtOnce()
    {
        using var registry = new FakeRegistryHandler(
            _ =>
                throw new HttpRequestException(
                    HttpRequestError.ConnectionError, "wrapped", new SocketException((int)SocketError.ConnectionRefused)));
        using var client = Create(registry, time: _time);

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => client.FindDigestAsync(App, default));

        Assert.Equal(ImageRegistryError.Unreachable, error.Error);
        Assert.Contains("reg.example", error.Message, StringComparison.Ordinal);
        Assert.Contains("Connection refused", error.Message, StringComparison.Ordinal);
        Assert.Single(registry.Requests);
    }

    [Fact]
    public async Task FindDigest_NoAnswer_TimesOut()
    {
        using var silent = new SilentHandler();
        using var client = new ImageRegistryClient(new() { CertificateFolders = [] }, Logins(null), _time, _ => silent, () => 1);

        var digest = client.FindDigestAsync(App, default);
        await silent.Asked.Task;
        _time.Advance(TimeSpan.FromSeconds(15));
        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => digest);

        Assert.Equal(ImageRegistryError.Unreachable, error.Error);
        Assert.Contains("within 15 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindDigest_EndlessBody_IsCutOff()
    {
        using var registry = new FakeRegistryHandler(_ => new(HttpStatusCode.OK) { Content = new StreamContent(new EndlessStream()) });
        using var client = Create(registry, time: _time);

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => client.FindDigestAsync(App, default));

        Assert.Equal(ImageRegistryError.Protocol, error.Error);
    }

    // Each wait is a timer on the manual clock; real time passes only until the code has reached it.
    private async Task AdvanceUntilDoneAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            await Task.WhenAny(task, _time.WaitForTimerAsync());
            _time.Advance(TimeSpan.FromSeconds(9));
            await Task.Yield();
        }
    }

    private sealed class SilentHandler : HttpMessageHandler
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var forever = Task.Delay(Timeout.Infinite, cancellationToken);
            Asked.TrySetResult();
            await forever;
            throw new InvalidOperationException("unreachable");
        }
    }

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
