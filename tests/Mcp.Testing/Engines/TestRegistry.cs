using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Mcp.Testing.Engines;

/// <summary>A real image registry (docker-registry) on 127.0.0.1; over plain HTTP unless told otherwise.</summary>
public sealed class TestRegistry : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly ChildProcess _process;

    private readonly HttpClient _client;

    private TestRegistry(TempFolder folder, ChildProcess process, int port, TestRegistryOptions options)
    {
        var handler = new SocketsHttpHandler();
        if (options.Authority is { } authority)
            handler.SslOptions.CertificateChainPolicy =
                new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority.Root },
                    RevocationMode = X509RevocationMode.NoCheck };
        _client = new(handler) { BaseAddress = new Uri($"{(options.Authority is null ? "http" : "https")}://127.0.0.1:{port}") };
        if (options.Login)
            _client.DefaultRequestHeaders.Authorization =
                new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TestRegistryOptions.User}:{TestRegistryOptions.Password}")));
        _folder = folder;
        _process = process;
        Address = $"127.0.0.1:{port}";
    }

    /// <summary>host:port, as in image references.</summary>
    public string Address { get; }

    /// <param name="locked">Every request needs a login that nobody has.</param>
    public static Task<TestRegistry> StartAsync(bool locked = false) => StartAsync(new TestRegistryOptions { Locked = locked });

    public static async Task<TestRegistry> StartAsync(TestRegistryOptions options)
    {
        var program = ChildProcess.Find("docker-registry") ?? throw new InvalidOperationException("docker-registry is not installed");
        for (var attempt = 1; ; attempt++)
        {
            var folder = new TempFolder("mcp-reg-");
            var port = options.Port == 0 ? FreePort.Take() : options.Port;
            var registry = new TestRegistry(
                folder, ChildProcess.Start(program, ["serve", folder.Write("config.yml", options.Config(folder, port))]), port, options);
            try
            {
                await registry.WaitUntilReadyAsync();
                return registry;
            }
            catch (Exception e) when (e is TimeoutException or InvalidOperationException)
            {
                await registry.DisposeAsync();
                // Somebody else may have taken the port since it was found free.
                if (attempt == 3)
                    throw;
            }
        }
    }

    /// <summary>Puts an image of one tiny layer there, without an engine; returns its digest.</summary>
    public async Task<string> PutImageAsync(string repository, string tag)
    {
        var config = await PutBlobAsync(repository, """{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}""");
        var manifest = $$$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{config.Digest}}}","size":{{{config.Size}}} },"layers":[],"annotations":{"tag":"{{{tag}}}" } }""";
        using var body = new StringContent(manifest);
        body.Headers.ContentType = new("application/vnd.oci.image.manifest.v1+json");
        using var answer = await _client.PutAsync(new Uri($"/v2/{repository}/manifests/{tag}", UriKind.Relative), body);
        return answer.EnsureSuccessStatusCode().Headers.GetValues("Docker-Content-Digest").Single();
    }

    /// <summary>What a tag stands for, asked as anybody would ask; null when it is not there.</summary>
    /// <param name="image">host:port/repository:tag.</param>
    public async Task<string?> DigestAsync(string image)
    {
        var (repository, tag) = (image[(Address.Length + 1)..image.LastIndexOf(':')], image[(image.LastIndexOf(':') + 1)..]);
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri($"/v2/{repository}/manifests/{tag}", UriKind.Relative));
        request.Headers.Accept.ParseAdd("application/vnd.oci.image.manifest.v1+json");
        request.Headers.Accept.ParseAdd("application/vnd.docker.distribution.manifest.v2+json");
        using var answer = await _client.SendAsync(request);
        return answer.IsSuccessStatusCode ? answer.Headers.GetValues("Docker-Content-Digest").Single() : null;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private Task WaitUntilReadyAsync() => Eventually.TrueAsync(
        async () => !_process.HasExited
            ? (int)(await _client.GetAsync(new Uri("/v2/", UriKind.Relative))).StatusCode is 200 or 401
            : throw new InvalidOperationException("docker-registry does not start: " + _process.Output),
        TimeSpan.FromSeconds(20),
        () => "docker-registry does not answer: " + _process.Output);

    private async Task<(string Digest, long Size)> PutBlobAsync(string repository, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var upload = await _client.PostAsync(new Uri($"/v2/{repository}/blobs/uploads/", UriKind.Relative), null);
        var location = upload.EnsureSuccessStatusCode().Headers.Location!.ToString();
        using var body = new ByteArrayContent(bytes);
        using var answer = await _client.PutAsync(
            new Uri($"{location}{(location.Contains('?') ? "&" : "?")}digest={digest}", UriKind.RelativeOrAbsolute), body);
        answer.EnsureSuccessStatusCode();
        return (digest, bytes.Length);
    }
}
