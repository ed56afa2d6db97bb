using System.Net;
using System.Net.Http.Headers;

namespace Mcp.Core.Images.Distribution;

/// <summary>When to send a request again: exponential with jitter, or as the answer's Retry-After says.</summary>
internal sealed class RetrySchedule(TimeProvider time, Func<double> random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    public static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
        or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
        or HttpStatusCode.GatewayTimeout;

    /// <summary>A connection that broke may hold next time; one that was refused, or a name that is not known, will not.</summary>
    public static bool IsTransient(HttpRequestException e) => e.HttpRequestError is HttpRequestError.ResponseEnded
        || (e.HttpRequestError is HttpRequestError.Unknown && e.InnerException is IOException);

    /// <param name="attempt">1 after the first failure.</param>
    public TimeSpan Backoff(int attempt)
    {
        var ceiling = Math.Min(Longest.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, attempt - 1));
        // At least half of it: a jitter of zero would hammer a service that has just said "later".
        return TimeSpan.FromMilliseconds(ceiling * (0.5 + random() / 2));
    }

    public TimeSpan? Asked(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
