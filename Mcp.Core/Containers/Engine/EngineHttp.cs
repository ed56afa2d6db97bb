using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Mcp.Core.Containers.Engine;

/// <summary>Requests to the engine's socket. Every failure is thrown as an <see cref="EngineException"/>.</summary>
internal sealed class EngineHttp : IDisposable
{
    /// <summary>The oldest API that has all that is used here; podman 4 and docker 20.10 serve it, and newer ones still do.</summary>
    private const string ApiVersion = "v1.41";

    /// <summary>For answers that come at once. An engine that is busy (storage lock, cold image) may take a while.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(2);

    /// <summary>A ping takes no lock: an engine that does not answer it in this time hangs.</summary>
    public static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client;
    private readonly string _socketPath;

    public EngineHttp(string socketPath)
    {
        _socketPath = socketPath;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = (_, token) => EngineSocket.ConnectAsync(socketPath, token),
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        // Time limits are set per request: pulls, logs and events have no time limit.
        _client = new HttpClient(handler) { BaseAddress = new Uri($"http://engine/{ApiVersion}/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends and returns the answer whatever its status, its body not yet read.</summary>
    public async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsTransport(e, cancellationToken))
        {
            throw Unreachable(e);
        }
    }

    /// <summary>Sends and reads the whole answer, within a time limit.</summary>
    public async Task<EngineAnswer> AskAsync(
        HttpMethod method, string path, HttpContent? body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            using var response = await OpenAsync(method, path, body, limit.Token).ConfigureAwait(false);
            return new EngineAnswer((int)response.StatusCode,
                await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false), response.Headers);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EngineException(
                EngineError.Unreachable,
                $"the container engine at {_socketPath} did not answer within {timeout.TotalSeconds:0} s",
                "check whether the engine hangs (its log, 'podman ps' or 'docker ps'), and restart it");
        }
        catch (Exception e) when (IsTransport(e, cancellationToken))
        {
            throw Unreachable(e);
        }
    }

    public Task<EngineAnswer> AskAsync(HttpMethod method, string path, CancellationToken cancellationToken) =>
        AskAsync(method, path, null, AnswerTimeout, cancellationToken);

    public static HttpContent Json<T>(T value, JsonTypeInfo<T> type) => JsonContent.Create(value, type);

    /// <summary>Connection failures on the way out or in the middle of a stream, as opposed to the caller's own cancellation.</summary>
    public static bool IsTransport(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException or SocketException or JsonException or UnauthorizedAccessException
        || (e is OperationCanceledException { InnerException: TimeoutException } && !cancellationToken.IsCancellationRequested);

    public EngineException Unreachable(Exception e)
    {
        var socket = e as SocketException ?? e.InnerException as SocketException ?? e.InnerException?.InnerException as SocketException;
        return socket?.SocketErrorCode switch
        {
            SocketError.AccessDenied => new EngineException(
                EngineError.Unreachable,
                $"no permission to use the container engine's socket {_socketPath}",
                "run the agent as root or as a member of the socket's group",
                e),
            SocketError.ConnectionRefused or SocketError.AddressNotAvailable or SocketError.SocketError or SocketError.NotConnected or null
                when e is not HttpIOException => new EngineException(
                EngineError.Unreachable,
                $"cannot reach the container engine at {_socketPath}: {(socket ?? e).Message}",
                "start the engine ('systemctl start podman.socket' or 'systemctl start docker'), or correct the socket in the " +
                "configuration",
                e),
            _ => new EngineException(
                EngineError.Unreachable,
                $"the connection to the container engine at {_socketPath} was lost: {(socket ?? e).Message}",
                "check whether the engine was restarted or has crashed; try again when it is up",
                e),
        };
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>An answer, read to its end.</summary>
internal readonly record struct EngineAnswer(int Status, byte[] Body, HttpResponseHeaders Headers)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public T Read<T>(JsonTypeInfo<T> type) =>
        Read(body => JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null"));

    /// <param name="read">Throws <see cref="JsonException"/> for what it cannot read.</param>
    public T Read<T>(Func<byte[], T> read)
    {
        try
        {
            return read(Body);
        }
        catch (JsonException e)
        {
            throw new EngineException(
                EngineError.Failed,
                $"the container engine's answer cannot be parsed: {e.Message}",
                "check that the configured socket belongs to podman (4 or newer) or docker (20.10 or newer)",
                e);
        }
    }
}
