using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;

namespace Mcp.Core.Images.Distribution;

/// <summary>
/// Sends one request until it is answered: TLS per host, time limits, redirects, and retries of transient failures. Every connection
/// failure is thrown as an <see cref="ImageRegistryException"/>.
/// </summary>
internal sealed class ImageRegistryHttp(ImageRegistrySettings settings, ImageRegistryFaults faults, TimeProvider time,
    Func<CertificateTrust, HttpMessageHandler> handlers, Func<double> random) : IDisposable
{
    private const int MostRedirects = 5;

    // What the distribution specification asks registries to accept as a manifest.
    private const int LargestBody = 4 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, Lazy<Line>> _lines = new();
    private readonly RetrySchedule _schedule = new(time, random);

    public static SocketsHttpHandler Handler(CertificateTrust trust) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, chain, errors) => trust.Accept(certificate, chain, errors) },
    };

    /// <summary>The answer, whatever its status, unless it stays transient: 429 and 5xx are thrown after the last attempt.</summary>
    /// <param name="name">The image registry, for messages.</param>
    public async Task<HttpResponseMessage> SendAsync(string name, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                var response = await FollowAsync(name, make, cancellationToken);
                if (!RetrySchedule.IsTransient(response.StatusCode))
                    return response;
                using (response)
                {
                    var asked = _schedule.Asked(response.Headers.RetryAfter);
                    if (attempt >= settings.Attempts || asked > settings.LongestWait)
                        throw await BusyAsync(name, response, asked, attempt);
                    wait = asked ?? _schedule.Backoff(attempt);
                }
            }
            catch (HttpRequestException e)
            {
                if (attempt >= settings.Attempts || !RetrySchedule.IsTransient(e))
                    throw ImageRegistryFaults.Unreachable(name, name, e);
                wait = _schedule.Backoff(attempt);
            }
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>One try, no retry. null: whatever answers there does not speak TLS, or nothing listens where TLS is expected.</summary>
    public async Task<HttpResponseMessage?> ProbeAsync(string name, Uri uri, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        try
        {
            return await OnceAsync(name, request, cancellationToken);
        }
        catch (ImageRegistryException e) when (e.Error == ImageRegistryError.Protocol)
        {
            return null;
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError && uri.IsDefaultPort)
        {
            return null;
        }
        catch (HttpRequestException e)
        {
            throw ImageRegistryFaults.Unreachable(name, uri.Authority, e);
        }
    }

    public void Dispose()
    {
        foreach (var line in _lines.Values.Where(l => l.IsValueCreated))
            line.Value.Invoker.Dispose();
    }

    private async Task<HttpResponseMessage> FollowAsync(string name, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        Uri? target = null;
        for (var hops = 0; ; hops++)
        {
            using var request = make();
            if (target is not null)
            {
                // Storage behind a registry gets the request, never the login that was meant for the registry.
                if (!SameOrigin(request.RequestUri!, target))
                    request.Headers.Authorization = null;
                request.RequestUri = target;
            }
            var response = await OnceAsync(name, request, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || response.Headers.Location is not { } location)
                return response;
            response.Dispose();
            var next = new Uri(request.RequestUri!, location);
            if (hops == MostRedirects)
                throw ImageRegistryFaults.Protocol(name,
                    $"redirects more than {MostRedirects} times, last to {next.GetLeftPart(UriPartial.Path)}");
            if (request.Method == HttpMethod.Post || (next.Scheme != Uri.UriSchemeHttps && next.Scheme != request.RequestUri!.Scheme))
                throw ImageRegistryFaults.Protocol(name,
                    $"redirects to {next.GetLeftPart(UriPartial.Authority)}, which is not safe to follow");
            target = next;
        }
    }

    private async Task<HttpResponseMessage> OnceAsync(string name, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        var line = GetLine(name, uri.Authority);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("mcp", null));
        using var timeout = new CancellationTokenSource(settings.RequestTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var response = await line.Invoker.SendAsync(request, both.Token);
            // Read here, so that the time limit holds for the body too.
            await response.Content.LoadIntoBufferAsync(LargestBody, both.Token);
            return response;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw ImageRegistryFaults.TimedOut(name, uri.Authority, settings.RequestTimeout);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError
            || e.InnerException is AuthenticationException)
        {
            throw line.Trust.Refusal is { } refusal ? faults.UnknownCertificate(name, refusal) : faults.NotTls(name, e);
        }
        catch (HttpRequestException e)
            when (e.HttpRequestError is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded
                or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError)
        {
            throw ImageRegistryFaults.Protocol(name, "the answer is not HTTP as a registry speaks it: " + ImageRegistryFaults.Reason(e));
        }
    }

    private async Task<ImageRegistryException> BusyAsync(string name, HttpResponseMessage response, TimeSpan? asked, int attempts)
    {
        var words = await RegistryWords.ReadAsync(response);
        return response.StatusCode == HttpStatusCode.TooManyRequests
            ? faults.RateLimited(name, words, asked)
            : ImageRegistryFaults.ServerError(name, response.StatusCode, words, attempts);
    }

    private Line GetLine(string name, string authority)
    {
        try
        {
            return _lines.GetOrAdd(authority, host => new(() => Open(name, host))).Value;
        }
        catch (CertificateFileException e)
        {
            throw faults.BadCertificateFile(name, e);
        }
    }

    // A token service on the registry's own host shares its settings; any other host has to be named in them itself.
    private Line Open(string name, string authority)
    {
        var named = authority == name || SameHost(authority, name) ? name : authority;
        var trust = new CertificateTrust(named, settings.For(named), settings.CertificateFolders);
        return new(new HttpMessageInvoker(handlers(trust)), trust);
    }

    private static bool SameHost(string a, string b) =>
        new Uri("http://" + a).Host.Equals(new Uri("http://" + b).Host, StringComparison.OrdinalIgnoreCase);

    private static bool SameOrigin(Uri a, Uri b) =>
        a.Scheme == b.Scheme && a.Authority.Equals(b.Authority, StringComparison.OrdinalIgnoreCase);

    private sealed record Line(HttpMessageInvoker Invoker, CertificateTrust Trust);
}
