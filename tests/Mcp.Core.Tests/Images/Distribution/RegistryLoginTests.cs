using System.Net;
using Mcp.Core.Images;
using Mcp.Testing;
using Microsoft.Extensions.Time.Testing;
using static Mcp.Core.Tests.Images.Distribution.ClientUnderTest;
using static Mcp.Core.Tests.Images.Distribution.FakeRegistryHandler;

namespace Mcp.Core.Tests.Images.Distribution;

public sealed class RegistryLoginTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task FindDigest_BearerChallenge_FetchesOneTokenForTwoTags()
    {
        using var registry = new FakeRegistryHandler(r => IsToken(r) ? Json("""{"token":"t1","expires_in":300}""") : HasToken(r, "t1") ? Found() : Challenge());
        using var client = Create(registry, time: _time);

        await client.FindDigestAsync(App, default);
        await client.FindDigestAsync(App with { Tag = "v2" }, default);

        Assert.Equal(
            "https://auth.example/token?service=reg&scope=repository%3Ateam%2Fapp%3Apull",
            Assert.Single(registry.Requests, r => r.Uri.Host == "auth.example").Uri.AbsoluteUri);
        Assert.Equal(4, registry.Requests.Count);
    }

    [Fact]
    public async Task FindDigest_ManyAtOnce_FetchOneToken()
    {
        using var registry = new FakeRegistryHandler(r => IsToken(r) ? Json("""{"token":"t1","expires_in":300}""") : HasToken(r, "t1") ? Found() : Challenge());
        using var client = Create(registry, time: _time);

        await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => Task.Run(() => client.FindDigestAsync(App with { Tag = $"v{i}" }, default))));

        Assert.Single(registry.Requests, r => r.Uri.Host == "auth.example");
    }

    [Fact]
    public async Task FindDigest_TokenRunOut_FetchesAnother()
    {
        var tokens = 0;
        using var registry = new FakeRegistryHandler(r => IsToken(r) ? Json($$"""{"access_token":"t{{++tokens}}"}""") : r.Headers.Authorization is null ? Challenge() : Found());
        using var client = Create(registry, time: _time);

        await client.FindDigestAsync(App, default);
        _time.Advance(TimeSpan.FromSeconds(61));
        await client.FindDigestAsync(App, default);

        Assert.Equal(2, tokens);
    }

    [Fact]
    public async Task FindDigest_TokenRevoked_FetchesAnother()
    {
        var tokens = 0;
        using var registry = new FakeRegistryHandler(r => IsToken(r) ? Json($$"""{"token":"t{{++tokens}}","expires_in":3600}""") : HasToken(r, $"t{tokens}") && tokens != 1 ? Found() : tokens == 0 || HasToken(r, "t1") ? Challenge() : Found());
        using var client = Create(registry, time: _time);

        Assert.Equal(Digest, await client.FindDigestAsync(App, default));
        Assert.Equal(2, tokens);
    }

    [Fact]
    public async Task FindDigest_RefusedWithEveryToken_Ends()
    {
        var tokens = 0;
        using var registry = new FakeRegistryHandler(r => IsToken(r) ? Json($$"""{"token":"t{{++tokens}}"}""") : Challenge());
        using var client = Create(registry, time: _time);

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => client.FindDigestAsync(App, default));

        Assert.Equal(ImageRegistryError.Unauthorized, error.Error);
        Assert.Contains("UNAUTHORIZED: authentication required", error.Message, StringComparison.Ordinal);
        Assert.True(registry.Requests.Count < 12);
    }

    [Fact]
    public async Task FindDigest_LoginForTokenService_IsSentThereAndOnlyThere()
    {
        using var folder = new TempFolder();
        using var registry = new FakeRegistryHandler(r => IsToken(r) ? Json("""{"token":"t1"}""") : HasToken(r, "t1") ? Found() : Challenge());
        using var client = Create(registry, Login(folder), time: _time);

        await client.FindDigestAsync(App, default);

        var token = Assert.Single(registry.Requests, r => r.Uri.Host == "auth.example");
        Assert.Equal(Base64($"anna:{Password}"), token.Authorization!.Parameter);
        Assert.Contains("account=anna", token.Uri.Query, StringComparison.Ordinal);
        Assert.DoesNotContain(registry.Requests, r => r.Uri.Host == "reg.example" && r.Authorization?.Scheme == "Basic");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FindDigest_WrongPassword_NamesTheFileAndNotThePassword(bool tokens)
    {
        using var folder = new TempFolder();
        using var registry = new FakeRegistryHandler(r => IsToken(r) ? Refusal(HttpStatusCode.Unauthorized, """{"details":"incorrect username or password"}""") : Challenge(tokens ? "Bearer realm=\"https://auth.example/token\"" : "Basic realm=\"r\""));
        using var client = Create(registry, Login(folder), time: _time);

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => client.FindDigestAsync(App, default));

        Assert.Equal(ImageRegistryError.Unauthorized, error.Error);
        Assert.Contains("rejected the login of anna", error.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(tokens ? "incorrect username or password" : "authentication required", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Base64($"anna:{Password}"), error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindDigest_BasicChallengeWithoutLogin_SaysWhereItLooked()
    {
        using var folder = new TempFolder();
        var file = folder.Write("auth.json", "{}");
        using var registry = new FakeRegistryHandler(_ => Challenge("Basic realm=\"r\""));
        using var client = Create(registry, file, time: _time);

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => client.FindDigestAsync(App, default));

        Assert.Equal(ImageRegistryError.Unauthorized, error.Error);
        Assert.Contains($"none found in {file}", error.Message, StringComparison.Ordinal);
        Assert.Equal("run 'podman login reg.example'", error.Remedy);
    }

    [Fact]
    public async Task FindDigest_IdentityToken_IsTradedByPost()
    {
        using var folder = new TempFolder();
        var file = folder.Write("auth.json", $$"""{"auths":{"reg.example":{"auth":"{{Base64("00000000:")}}","identitytoken":"long-lived" } } }""");
        using var registry = new FakeRegistryHandler(r => IsToken(r) ? Json("""{"access_token":"t1"}""") : HasToken(r, "t1") ? Found() : Challenge());
        using var client = Create(registry, file, time: _time);

        Assert.Equal(Digest, await client.FindDigestAsync(App, default));

        var token = Assert.Single(registry.Requests, r => r.Uri.Host == "auth.example");
        Assert.Equal(HttpMethod.Post, token.Method);
        Assert.Contains("grant_type=refresh_token", token.Body, StringComparison.Ordinal);
        Assert.Contains("refresh_token=long-lived", token.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"token":17}""")]
    [InlineData("{\"token\":\"two\\nlines-s3cret\"}")]
    public async Task FindDigest_TokenServiceTalksNonsense_IsAProtocolErrorWithoutIt(string body)
    {
        using var registry = new FakeRegistryHandler(r => IsToken(r) ? Json(body) : Challenge());
        using var client = Create(registry, time: _time);

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => client.FindDigestAsync(App, default));

        Assert.Equal(ImageRegistryError.Protocol, error.Error);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://auth.example/token")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/token")]
    public async Task FindDigest_UnsafeRealm_GetsNoPassword(string realm)
    {
        using var folder = new TempFolder();
        using var registry = new FakeRegistryHandler(r => IsToken(r) ? Json("""{"token":"t1"}""") : Challenge($"Bearer realm=\"{realm}\""));
        using var client = Create(registry, Login(folder), time: _time);

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => client.FindDigestAsync(App, default));

        Assert.Equal(ImageRegistryError.Protocol, error.Error);
        Assert.All(registry.Requests, r => Assert.Null(r.Authorization));
    }

    private static bool IsToken(HttpRequestMessage request) => request.RequestUri!.Host == "auth.example";

    private static bool HasToken(HttpRequestMessage request, string token) =>
        request.Headers.Authorization is { Scheme: "Bearer" } header && header.Parameter == token;
}
