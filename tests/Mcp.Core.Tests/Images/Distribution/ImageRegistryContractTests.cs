using System.Net;
using System.Net.Sockets;
using Mcp.Core.Definitions;
using Mcp.Core.Images;
using Mcp.Core.Images.Credentials;
using Mcp.Testing;
using Mcp.Testing.Engines;
using static Mcp.Core.Tests.Images.Distribution.ClientUnderTest;

namespace Mcp.Core.Tests.Images.Distribution;

/// <summary>The client against a real image registry.</summary>
[Trait("Group", "contract")]
public sealed class ImageRegistryContractTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [RegistryFact]
    public async Task FindDigest_OpenRegistryOnLoopback_NeedsNoSettings()
    {
        await using var registry = await TestRegistry.StartAsync();
        var digest = await registry.PutImageAsync("team/app", "v1");
        using var client = Client(null);

        Assert.Equal(digest, await client.FindDigestAsync(Image(registry), default));
        Assert.Equal(digest, await client.FindDigestAsync(Image(registry) with { Tag = null, Digest = digest }, default));
        Assert.Null(await client.FindDigestAsync(Image(registry) with { Tag = "v2" }, default));
        Assert.Null(await client.FindDigestAsync(Image(registry) with { Repository = "nobody/nothing" }, default));
        Assert.True((await client.GetTransportAsync(Image(registry), default)).PlainHttp);
    }

    [RegistryFact]
    public async Task FindDigest_Htpasswd_TakesTheRightPasswordOnly()
    {
        await using var registry = await TestRegistry.StartAsync(new TestRegistryOptions { Login = true });
        var digest = await registry.PutImageAsync("team/app", "v1");
        using var right = Client(Auth(registry, TestRegistryOptions.Password));
        using var wrong = Client(Auth(registry, "guessed-it"));
        using var none = Client(null);

        Assert.Equal(digest, await right.FindDigestAsync(Image(registry), default));
        Assert.Null(await right.FindDigestAsync(Image(registry) with { Tag = "v2" }, default));
        var refused = await Assert.ThrowsAsync<ImageRegistryException>(() => wrong.FindDigestAsync(Image(registry), default));
        var asked = await Assert.ThrowsAsync<ImageRegistryException>(() => none.FindDigestAsync(Image(registry), default));

        Assert.Equal(ImageRegistryError.Unauthorized, refused.Error);
        Assert.Contains("rejected the login of anna", refused.Message, StringComparison.Ordinal);
        Assert.Contains("UNAUTHORIZED: authentication required", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("guessed-it", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(ImageRegistryError.Unauthorized, asked.Error);
        Assert.Equal($"run 'podman login {registry.Address}'", asked.Remedy);
    }

    [RegistryFact]
    public async Task FindDigest_OwnCa_IsTrustedWhenGivenAndOnlyThen()
    {
        var authority = TestAuthority.Create(_folder.Path);
        await using var registry = await TestRegistry.StartAsync(new TestRegistryOptions { Authority = authority });
        var digest = await registry.PutImageAsync("team/app", "v1");
        using var unaware = Client(null);
        using var told = Client(null, new(CaFile: authority.RootFile), registry);
        using var careless = Client(null, new(Insecure: true), registry);
        using var mistold = Client(
            null, new(CaFile: _folder.Write("not-a.crt", "-----BEGIN CERTIFICATE-----\nnope\n-----END CERTIFICATE-----\n")), registry);

        Assert.Equal(digest, await told.FindDigestAsync(Image(registry), default));
        Assert.Equal(digest, await careless.FindDigestAsync(Image(registry), default));
        Assert.False((await told.GetTransportAsync(Image(registry), default)).PlainHttp);
        var refused = await Assert.ThrowsAsync<ImageRegistryException>(() => unaware.FindDigestAsync(Image(registry), default));
        var useless = await Assert.ThrowsAsync<ImageRegistryException>(() => mistold.FindDigestAsync(Image(registry), default));

        Assert.Equal(ImageRegistryError.UnknownCertificate, refused.Error);
        Assert.Contains("issued by CN=intermediate, which this machine does not trust", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"[registry.hosts.\"{registry.Address}\"] in mcp.toml", refused.Remedy, StringComparison.Ordinal);
        Assert.Equal(ImageRegistryError.UnknownCertificate, useless.Error);
        Assert.Contains("not-a.crt", useless.Message, StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task FindDigest_CaInCertsFolder_IsTrustedAsTheEnginesDo()
    {
        var authority = TestAuthority.Create(_folder.Path);
        await using var registry = await TestRegistry.StartAsync(new TestRegistryOptions { Authority = authority });
        var digest = await registry.PutImageAsync("team/app", "v1");
        File.Copy(authority.RootFile, _folder.File("certs.d", registry.Address, "ca.crt"));
        using var client =
            new ImageRegistryClient(new() { CertificateFolders = [_folder.Path + "/certs.d"] }, Logins(null), TimeProvider.System);

        Assert.Equal(digest, await client.FindDigestAsync(Image(registry), default));
    }

    [RegistryFact]
    public async Task FindDigest_ReadOnlyRegistry_CanBeRead()
    {
        var data = _folder.Path + "/data";
        await using (var writable = await TestRegistry.StartAsync(new TestRegistryOptions { DataFolder = data }))
            await writable.PutImageAsync("team/app", "v1");
        await using var registry = await TestRegistry.StartAsync(new TestRegistryOptions { DataFolder = data, ReadOnly = true });
        using var client = Client(null);

        Assert.NotNull(await client.FindDigestAsync(Image(registry), default));
    }

    [Fact]
    public async Task FindDigest_NobodyListens_SaysSo()
    {
        var address = $"127.0.0.1:{FreePort.Closed}";
        using var client = Client(null);

        var error =
            await Assert.ThrowsAsync<ImageRegistryException>(() => client.FindDigestAsync(new(address, "app", "v1", null), default));

        Assert.Equal(ImageRegistryError.Unreachable, error.Error);
        Assert.Equal($"image registry {address} can't be reached: Connection refused", error.Message);
    }

    [Fact]
    public async Task FindDigest_SomethingElseListens_IsAProtocolError()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var over = new CancellationTokenSource();
        var serving = ServeGarbageAsync(listener, over.Token);
        ImageRegistryException error;
        using (var client = Client(null))
            error = await Assert.ThrowsAsync<ImageRegistryException>(
                () => client.FindDigestAsync(new(listener.LocalEndpoint.ToString(), "app", "v1", null), default));
        await over.CancelAsync();
        await serving;

        Assert.True(error.Error == ImageRegistryError.Protocol, $"{error.Error}: {error}");
    }

    public void Dispose() => _folder.Dispose();

    private static async Task ServeGarbageAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(AnswerAsync(await listener.AcceptTcpClientAsync(cancellationToken)));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
        await Task.WhenAll(connections);
    }

    private static async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await client.GetStream().WriteAsync("220 mail.example ESMTP\r\n"u8.ToArray());
                // Closing while there is something left to read resets the connection, and the client may lose what it has not read.
                await client.GetStream().CopyToAsync(Stream.Null);
            }
            catch (IOException)
            {
                // The client closed the connection.
            }
        }
    }

    private static ImageReference Image(TestRegistry registry) => new(registry.Address, "team/app", "v1", null);

    private string Auth(TestRegistry registry, string password) =>
        _folder.Write($"auth-{password.Length}.json", $$"""{"auths":{"{{registry.Address}}":{"auth":"{{Base64($"{TestRegistryOptions.User}:{password}")}}" } } }""");

    private static ImageRegistryClient Client(string? authFile, ImageRegistryHost? host = null, TestRegistry? registry = null) => new(
        new() { CertificateFolders = [],
            Hosts = registry is null ? new Dictionary<string, ImageRegistryHost>() : new() { [registry.Address] = host! } },
        Logins(authFile), TimeProvider.System);
}
