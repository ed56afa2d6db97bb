using System.Net;
using System.Security.Cryptography;
using Mcp.Core.Images;
using static Mcp.Core.Tests.Images.Distribution.ClientUnderTest;
using static Mcp.Core.Tests.Images.Distribution.FakeRegistryHandler;

namespace Mcp.Core.Tests.Images.Distribution;

public sealed class ImageRegistryClientTests
{
    private const string ManifestUnknown = """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{"Tag":"v1"}}]}""";

    [Fact]
    public async Task FindDigest_TagExists_GivesItsDigestWithOneHead()
    {
        using var registry = new FakeRegistryHandler(_ => Found());
        using var client = Create(registry);

        Assert.Equal(Digest, await client.FindDigestAsync(App, default));
        Assert.Equal(["HEAD https://reg.example/v2/team/app/manifests/v1"], registry.Lines);
    }

    [Fact]
    public async Task FindDigest_HeaderWithoutDigest_ComputesItFromTheManifest()
    {
        using var registry = new FakeRegistryHandler(_ => Found(digest: null));
        using var client = Create(registry);

        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData("{}"u8)), await client.FindDigestAsync(App, default));
    }

    [Fact]
    public async Task FindDigest_HeadNotAllowed_AsksWithGet()
    {
        using var registry = new FakeRegistryHandler(r => r.Method == HttpMethod.Head ? Refusal(HttpStatusCode.MethodNotAllowed) : Found());
        using var client = Create(registry);

        Assert.Equal(Digest, await client.FindDigestAsync(App, default));
    }

    [Fact]
    public async Task FindDigest_UnknownManifest_IsNull()
    {
        using var registry = new FakeRegistryHandler(_ => Refusal(HttpStatusCode.NotFound, ManifestUnknown));
        using var client = Create(registry);

        Assert.Null(await client.FindDigestAsync(App, default));
    }

    [Fact]
    public async Task FindDigest_EmptyNotFoundFromARegistry_IsNull()
    {
        using var registry =
            new FakeRegistryHandler(r => r.RequestUri!.AbsolutePath == "/v2/" ? Json("{}") : Refusal(HttpStatusCode.NotFound));
        using var client = Create(registry);

        Assert.Null(await client.FindDigestAsync(App, default));
    }

    [Fact]
    public async Task FindDigest_NotFoundFromAWebServer_IsNotTakenForAMissingTag()
    {
        using var registry = new FakeRegistryHandler(_ => Refusal(HttpStatusCode.NotFound, "<html>nope</html>", "text/html"));
        using var client = Create(registry);

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => client.FindDigestAsync(App, default));

        Assert.Equal(ImageRegistryError.Protocol, error.Error);
        Assert.Contains("not as an image registry does", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindDigest_PageInsteadOfManifest_IsAProtocolError()
    {
        using var registry = new FakeRegistryHandler(_ => Refusal(HttpStatusCode.OK, "<html>login</html>", "text/html"));
        using var client = Create(registry);

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => client.FindDigestAsync(App, default));

        Assert.Equal(ImageRegistryError.Protocol, error.Error);
        Assert.Contains("text/html", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindDigest_Denied_RepeatsTheRegistrysWords()
    {
        using var registry = new FakeRegistryHandler(_ => Refusal(HttpStatusCode.Forbidden, """{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}"""));
        using var client = Create(registry);

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => client.FindDigestAsync(App, default));

        Assert.Equal(ImageRegistryError.Denied, error.Error);
        Assert.Equal(
            "image registry reg.example denies pulling team/app to anonymous callers: DENIED: requested access to the resource is denied",
            error.Message);
        Assert.Contains("podman login reg.example", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindDigest_RedirectToStorage_LeavesTheLoginBehind()
    {
        using var folder = new Testing.TempFolder();
        using var registry = new FakeRegistryHandler(r => r.RequestUri!.Host == "cdn.example" ? Found()
            : r.Headers.Authorization is null ? Challenge("Basic realm=\"r\"")
            : Refusal(HttpStatusCode.TemporaryRedirect, headers: [("Location", "https://cdn.example/m")]));
        using var client = Create(registry, Login(folder));

        Assert.Equal(Digest, await client.FindDigestAsync(App, default));
        Assert.Equal("HEAD https://cdn.example/m", registry.Lines.Last());
        Assert.Null(registry.Requests[^1].Authorization);
        Assert.NotNull(registry.Requests[^2].Authorization);
    }

    [Fact]
    public async Task FindDigest_RedirectOnTheSameHost_KeepsTheLogin()
    {
        using var folder = new Testing.TempFolder();
        using var registry = new FakeRegistryHandler(r => r.Headers.Authorization is null ? Challenge("Basic realm=\"r\"")
            : r.RequestUri!.AbsolutePath.StartsWith("/moved", StringComparison.Ordinal) ? Found()
            : Refusal(HttpStatusCode.PermanentRedirect, headers: [("Location", "/moved/v1")]));
        using var client = Create(registry, Login(folder));

        Assert.Equal(Digest, await client.FindDigestAsync(App, default));
    }

    [Theory]
    [InlineData("http://reg.example/plain", "not safe to follow")]
    [InlineData("https://reg.example/v2/team/app/manifests/v1", "redirects more than 5 times")]
    public async Task FindDigest_BadRedirect_IsRefused(string location, string words)
    {
        using var registry = new FakeRegistryHandler(_ => Refusal(HttpStatusCode.Found, headers: [("Location", location)]));
        using var client = Create(registry);

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => client.FindDigestAsync(App, default));

        Assert.Equal(ImageRegistryError.Protocol, error.Error);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindDigest_Cancelled_IsCancelledAndNotATimeout()
    {
        using var cancel = new CancellationTokenSource();
        using var registry = new FakeRegistryHandler(_ =>
        {
            cancel.Cancel();
            throw new OperationCanceledException(cancel.Token);
        });
        using var client = Create(registry);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.FindDigestAsync(App, cancel.Token));
    }
}
