using System.Net;
using System.Text;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy.Health;

/// <summary>GET over plain HTTP to a host port. Redirects are answers of their own.</summary>
internal sealed class HttpProbe(ProbeAddress address, string path, string? host, int expected) : IHealthProbe
{
    // A connection for each probe, as a new client would make it: one kept from before says nothing about the next.
    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.Zero,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly Uri _uri = new($"http://{new IPEndPoint(IPAddress.Parse(address.Ip), address.Port)}{path}");

    public string Question => $"GET {_uri}{(host is null ? "" : $" (Host: {host})")}";

    public async Task<ProbeAnswer> AskAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _uri);
        request.Headers.UserAgent.ParseAdd("mcp-agent-health");
        request.Headers.Host = host;
        try
        {
            using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)response.StatusCode;
            var answer = $"{Question} answered {status} {response.ReasonPhrase}".TrimEnd();
            if (status == expected)
                return new(true, answer);
            var words = response.Headers.Location is { } location ? $", to {location}"
                : AnswerText.Quote(await BodyAsync(response, cancellationToken));
            return new(false, $"{answer} instead of {expected}{words}");
        }
        catch (HttpRequestException e)
        {
            return new(false, $"{Question} failed{AnswerText.Quote((e.InnerException ?? e).Message)}");
        }
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = new byte[1024];
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var read = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
            return Encoding.UTF8.GetString(body, 0, read);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The status is the answer; a body that breaks off adds nothing to it.
            return "";
        }
    }
}
