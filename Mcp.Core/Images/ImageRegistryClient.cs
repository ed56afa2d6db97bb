using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Mcp.Core.Definitions;
using Mcp.Core.Images.Credentials;
using Mcp.Core.Images.Distribution;

namespace Mcp.Core.Images;

/// <summary>
/// Asks image registries what they have, without an engine: the read side of the OCI distribution specification. Safe for use in parallel;
/// tokens are kept for its lifetime.
/// </summary>
public sealed class ImageRegistryClient : IDisposable
{
    private static readonly string[] ManifestTypes =
    [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ];

    private readonly ImageRegistrySettings _settings;
    private readonly ImageRegistryCredentials _credentials;
    private readonly ImageRegistryFaults _faults;
    private readonly ImageRegistryHttp _http;
    private readonly ImageRegistryAuth _auth;
    private readonly ConcurrentDictionary<string, string> _schemes = new();

    public ImageRegistryClient(ImageRegistrySettings settings, ImageRegistryCredentials credentials, TimeProvider time)
        : this(settings, credentials, time, ImageRegistryHttp.Handler, Random.Shared.NextDouble)
    {
    }

    internal ImageRegistryClient(ImageRegistrySettings settings, ImageRegistryCredentials credentials, TimeProvider time,
        Func<CertificateTrust, HttpMessageHandler> handlers, Func<double> random)
    {
        _settings = settings;
        _credentials = credentials;
        _faults = new(settings);
        _http = new(settings, _faults, time, handlers, random);
        _auth = new(_http, _faults, credentials, time);
    }

    /// <summary>The digest that the reference's tag (or digest) stands for at its image registry; null when it has no such image.</summary>
    /// <exception cref="ImageRegistryException">It could not be asked, or did not say.</exception>
    public async Task<string?> FindDigestAsync(ImageReference image, CancellationToken cancellationToken)
    {
        var endpoint = ImageRegistryEndpoint.For(image);
        var uri = endpoint.Manifest(await SchemeAsync(endpoint, cancellationToken));
        using var head = await AskAsync(HttpMethod.Head, endpoint, uri, cancellationToken);
        if (head.IsSuccessStatusCode && Digest(head) is { } digest)
            return digest;
        // Asked again for the body: the answer to HEAD has none, and in it are the digest's bytes or the registry's words.
        using var get = await AskAsync(HttpMethod.Get, endpoint, uri, cancellationToken);
        return get.StatusCode switch
        {
            HttpStatusCode.OK => Digest(get) ?? await ComputeDigestAsync(endpoint, get, cancellationToken),
            HttpStatusCode.NotFound when await IsRegistryAnswerAsync(endpoint, uri, get, cancellationToken) => null,
            HttpStatusCode.NotFound => throw ImageRegistryFaults.Protocol(endpoint.Name,
                $"answers 404 to {uri.AbsolutePath}, and not as an image registry does"),
            _ => throw await RefusedAsync(endpoint, get),
        };
    }

    /// <summary>How the registry of this image is to be spoken to; the engine that pushes has to be told the same.</summary>
    public async Task<ImageRegistryTransport> GetTransportAsync(ImageReference image, CancellationToken cancellationToken)
    {
        var endpoint = ImageRegistryEndpoint.For(image);
        var scheme = await SchemeAsync(endpoint, cancellationToken);
        var host = _settings.For(endpoint.Name);
        return new(PlainHttp: scheme == "http", host.Insecure, host.CaFile);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, ImageRegistryEndpoint endpoint, Uri uri,
        CancellationToken cancellationToken)
    {
        var authorization = _auth.Known(endpoint);
        // Nothing known, a token that had run out, a fresh one: more than two refusals are an answer.
        for (var refusals = 0; ; refusals++)
        {
            var header = authorization;
            var response = await _http.SendAsync(endpoint.Name, () => Request(method, uri, header), cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized || refusals == 2)
                return response;
            authorization = await _auth.AnswerAsync(endpoint, AuthChallenge.Parse(Challenges(response)), header, cancellationToken);
            if (authorization is null)
                return response;
            response.Dispose();
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri uri, AuthenticationHeaderValue? authorization)
    {
        var request = new HttpRequestMessage(method, uri);
        foreach (var type in ManifestTypes)
            request.Headers.Accept.Add(new(type));
        request.Headers.Authorization = authorization;
        return request;
    }

    private static HeaderStringValues Challenges(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? values : default;

    private static string? Digest(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Docker-Content-Digest", out var values) && values.FirstOrDefault() is { } digest
        && digest.StartsWith("sha", StringComparison.Ordinal) && digest.Contains(':') && digest.Length < 200 ? digest : null;

    private static async Task<string> ComputeDigestAsync(ImageRegistryEndpoint endpoint, HttpResponseMessage response,
        CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.Content.Headers.ContentType?.MediaType is { } type && ManifestTypes.Contains(type)
            ? "sha256:" + Convert.ToHexStringLower(SHA256.HashData(body))
            : throw ImageRegistryFaults.Protocol(endpoint.Name,
                $"answers with {response.Content.Headers.ContentType?.MediaType ?? "something"} where an image manifest was asked for");
    }

    /// <summary>Any web server answers 404, too; that must not be taken for "not pushed yet".</summary>
    private async Task<bool> IsRegistryAnswerAsync(ImageRegistryEndpoint endpoint, Uri uri, HttpResponseMessage response,
        CancellationToken cancellationToken)
    {
        if (response.Headers.Contains("Docker-Distribution-Api-Version") || (await RegistryWords.ReadAsync(response)).Codes.Count > 0)
            return true;
        using var root = await _http.SendAsync(endpoint.Name, () => new(HttpMethod.Get, endpoint.Root(uri.Scheme)), cancellationToken);
        return root.StatusCode == HttpStatusCode.OK
            || (root.StatusCode == HttpStatusCode.Unauthorized && AuthChallenge.Parse(Challenges(root)).Count > 0);
    }

    private async Task<ImageRegistryException> RefusedAsync(ImageRegistryEndpoint endpoint, HttpResponseMessage response)
    {
        var words = await RegistryWords.ReadAsync(response);
        var what = "pulling " + endpoint.Repository;
        var asker = _auth.Asker(endpoint);
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized when asker is null => _faults.NoCredentials(endpoint.Name, what, words, _credentials.Files),
            HttpStatusCode.Unauthorized => _faults.WrongCredentials(endpoint.Name, what, words, asker),
            HttpStatusCode.Forbidden => _faults.Denied(endpoint.Name, what, words, asker),
            _ => ImageRegistryFaults.Protocol(endpoint.Name, string.Create(CultureInfo.InvariantCulture,
                $"answers {(int)response.StatusCode} when asked for {endpoint.Repository}:{endpoint.Reference}{words.Suffix}"),
                "check the image reference"),
        };
    }

    // https, except where plain HTTP is allowed and nothing there speaks TLS. Loopback needs no permission: its traffic stays here.
    private async Task<string> SchemeAsync(ImageRegistryEndpoint endpoint, CancellationToken cancellationToken)
    {
        if (!_faults.AllowsPlainHttp(endpoint))
            return "https";
        if (_schemes.TryGetValue(endpoint.Authority, out var known))
            return known;
        using var answer = await _http.ProbeAsync(endpoint.Name, endpoint.Root("https"), cancellationToken);
        return _schemes[endpoint.Authority] = answer is null ? "http" : "https";
    }
}
