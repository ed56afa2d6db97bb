using System.Formats.Tar;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Mcp.Testing.Engines;

/// <summary>The few engine calls that only tests need: making, tagging, pushing and deleting images, networks, pausing.</summary>
public sealed class RawEngine : IDisposable
{
    private readonly HttpClient _client;

    public RawEngine(string socketPath) => _client = new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, token) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), token);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://engine/v1.41/") };

    /// <summary>An image with busybox and its applets as everything there is.</summary>
    public async Task ImportBusyboxAsync(string image)
    {
        using var root = new MemoryStream();
        await using (var tar = new TarWriter(root, TarEntryFormat.Ustar, leaveOpen: true))
        {
            const UnixFileMode Everyone = (UnixFileMode)0b111_101_101;
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.Directory, "bin/") { Mode = Everyone });
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.Directory, "tmp/") { Mode = (UnixFileMode)0b001_111_111_111 });
            await using var busybox = File.OpenRead(ChildProcess.Find("busybox")!);
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = Everyone, DataStream = busybox });
            foreach (var applet in (string[])["sh", "sleep", "cat", "id", "env", "head", "tr", "httpd", "touch", "printf", "yes", "echo",
                "hostname", "kill", "wget"])
                await tar.WriteEntryAsync(
                    new UstarTarEntry(TarEntryType.SymbolicLink, "bin/" + applet) { Mode = Everyone, LinkName = "busybox" });
        }
        root.Position = 0;
        using var body = new StreamContent(root);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        var changes = string.Concat(
            ((string[])["CMD [\"sleep\",\"3600\"]", "LABEL made-by=test"]).Select(c => "&changes=" + Uri.EscapeDataString(c)));
        // podman overlooks a tag that is given apart.
        await SendAsync(HttpMethod.Post, $"images/create?fromSrc=-&repo={Uri.EscapeDataString(image)}{changes}", body);
    }

    public Task TagAsync(string image, string repository, string tag) =>
        SendAsync(HttpMethod.Post, $"images/{image}/tag?repo={Uri.EscapeDataString(repository)}&tag={tag}");

    public async Task PushAsync(string repository, string tag)
    {
        var answer = await SendAsync(
            HttpMethod.Post, $"images/{repository}/push?tag={tag}", header: ("X-Registry-Auth", Convert.ToBase64String("{}"u8)));
        if (answer.Contains("\"error\"", StringComparison.Ordinal))
            throw new InvalidOperationException($"push of {repository}:{tag} failed: {answer}");
    }

    /// <summary>What `save` writes.</summary>
    public Task<byte[]> SaveAsync(string image) => _client.GetByteArrayAsync($"images/{image}/get");

    public Task DeleteImageAsync(string image) => SendAsync(HttpMethod.Delete, $"images/{image}");

    public Task CreateNetworkAsync(string name) => SendAsync(HttpMethod.Post, "networks/create", Json($$"""{"Name":"{{name}}","Driver":"bridge"}"""));

    public Task DeleteNetworkAsync(string name) => SendAsync(HttpMethod.Delete, $"networks/{name}");

    /// <summary>In bytes; 0: none.</summary>
    public async Task<long> MemoryLimitAsync(string container)
    {
        using var inspected = JsonDocument.Parse(await _client.GetByteArrayAsync($"containers/{container}/json"));
        return inspected.RootElement.GetProperty("HostConfig").GetProperty("Memory").GetInt64();
    }

    /// <summary>Of the container's first process.</summary>
    public async Task<int> ProcessIdAsync(string container)
    {
        using var inspected = JsonDocument.Parse(await _client.GetByteArrayAsync($"containers/{container}/json"));
        return inspected.RootElement.GetProperty("State").GetProperty("Pid").GetInt32();
    }

    public Task PauseAsync(string container) => SendAsync(HttpMethod.Post, $"containers/{container}/pause");

    public void Dispose() => _client.Dispose();

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private async Task<string> SendAsync(
        HttpMethod method, string path, HttpContent? body = null, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (header is { } h)
            request.Headers.TryAddWithoutValidation(h.Name, h.Value);
        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? text
            : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
    }
}
