using System.Net;
using System.Net.Http.Headers;

namespace Mcp.Core.Tests.Images.Distribution;

/// <summary>An image registry, its token service and its storage in memory: answers by rule, remembers what it was asked.</summary>
internal sealed class FakeRegistryHandler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    public const string Digest = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

    private readonly Lock _gate = new();

    public List<(HttpMethod Method, Uri Uri, AuthenticationHeaderValue? Authorization, string Body)> Requests { get; } = [];

    public IEnumerable<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. Requests.Select(r => $"{r.Method} {r.Uri}")];
        }
    }

    public static HttpResponseMessage Found(string? digest = Digest)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent("{}"u8.ToArray()) };
        response.Content.Headers.ContentType = new("application/vnd.oci.image.manifest.v1+json");
        if (digest is not null)
            response.Headers.Add("Docker-Content-Digest", digest);
        return response;
    }

    public static HttpResponseMessage Refusal(
        HttpStatusCode status, string body = "", string type = "application/json", params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body) };
        response.Content.Headers.ContentType = new(type);
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    public static HttpResponseMessage Challenge(
        string header = "Bearer realm=\"https://auth.example/token\",service=\"reg\",scope=\"repository:team/app:pull\"") =>
        Refusal(HttpStatusCode.Unauthorized, """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}""", headers: [("WWW-Authenticate", header)]);

    public static HttpResponseMessage Json(string text) => Refusal(HttpStatusCode.OK, text);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (_gate)
            Requests.Add((request.Method, request.RequestUri!, request.Headers.Authorization, body));
        cancellationToken.ThrowIfCancellationRequested();
        var response = answer(request);
        response.RequestMessage = request;
        return response;
    }

    // The client opens one handler per host; this one is all of them.
    protected override void Dispose(bool disposing)
    {
    }
}
