using System.Net;
using System.Security.Cryptography;
using System.Text;
using Mcp.Testing;

namespace Mcp.EndToEnd.Faults;

/// <summary>An image registry that has one image of one layer, and hangs up in the middle of the layer.</summary>
internal sealed class BrokenRegistry : IAsyncDisposable
{
    private const int LayerSize = 4 * 1024 * 1024;

    private readonly HttpListener _listener = new();
    private readonly byte[] _config = """{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:0000000000000000000000000000000000000000000000000000000000000000"]}}"""u8.ToArray();
    private readonly byte[] _layer = new byte[LayerSize];
    private readonly byte[] _manifest;
    private readonly Task _serving;
    private int _cuts;

    private BrokenRegistry(int port)
    {
        Address = $"127.0.0.1:{port}";
        _manifest = Encoding.UTF8.GetBytes($$$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
            "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{Digest(_config)}}}","size":{{{_config.Length}}} },
            "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{{{Digest(_layer)}}}","size":{{{LayerSize}}} }]}
            """);
        _listener.Prefixes.Add($"http://{Address}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>host:port, as in image references.</summary>
    public string Address { get; }

    public string Image => $"{Address}/half:v1";

    /// <summary>How often it hung up.</summary>
    public int Cuts => _cuts;

    public static BrokenRegistry Start() => new(FreePort.Take());

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
            {
                // Closed, or the other side has gone.
            }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var (path, response) = (context.Request.Url!.AbsolutePath, context.Response);
        if (path.Contains("/manifests/", StringComparison.Ordinal))
        {
            response.ContentType = "application/vnd.oci.image.manifest.v1+json";
            response.Headers["Docker-Content-Digest"] = Digest(_manifest);
            await SendAsync(context, _manifest);
        }
        else if (path.EndsWith(Digest(_config), StringComparison.Ordinal))
            await SendAsync(context, _config);
        else if (path.EndsWith(Digest(_layer), StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _cuts);
            response.ContentLength64 = LayerSize;
            await response.OutputStream.WriteAsync(_layer.AsMemory(0, LayerSize / 2));
            await response.OutputStream.FlushAsync();
            response.Abort();
        }
        else
            response.Close();
    }

    private static async Task SendAsync(HttpListenerContext context, byte[] body)
    {
        context.Response.ContentLength64 = body.Length;
        if (context.Request.HttpMethod != "HEAD")
            await context.Response.OutputStream.WriteAsync(body);
        context.Response.Close();
    }

    private static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
}
