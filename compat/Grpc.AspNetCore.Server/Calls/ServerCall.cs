using System.Buffers;
using Grpc.AspNetCore.Server.Hosting;
using Grpc.Core;
using Grpc.Net.Common;
using Grpc.Net.Common.Framing;
using Grpc.Net.Common.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>One call: what it reads, what it writes, and its one end, be that the handler's return or the deadline.</summary>
internal sealed partial class ServerCall : IAsyncDisposable
{
    private readonly CancellationTokenSource cancellation;
    private readonly ILogger logger;
    // One writer at a time, and none after the end.
    private readonly SemaphoreSlim gate = new(1, 1);
    private DeadlineTimer? deadlineTimer;
    private Task expiry = Task.CompletedTask;
    private MessageReader? reader;
    private volatile bool deadlineExceeded;
    private bool hasMessages;
    private bool ended;

    private ServerCall(HttpContext http, EffectiveOptions options)
    {
        Http = http;
        Options = options;
        logger = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Grpc.AspNetCore.Server.ServerCall");
        cancellation = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        Context = new HttpContextServerCallContext(this);
    }

    public HttpContext Http { get; }

    public EffectiveOptions Options { get; }

    public HttpContextServerCallContext Context { get; }

    public Metadata RequestHeaders { get; private set; } = Metadata.Empty;

    public DateTime Deadline { get; private set; } = DateTime.MaxValue;

    public CancellationToken CancellationToken => cancellation.Token;

    public async Task WriteHeadersAsync(Metadata headers)
    {
        if (Http.Response.HasStarted || hasMessages)
            throw new InvalidOperationException("Response headers can only be sent once per call, and before the first message.");
        GrpcHttpResponse.AppendMetadata(Http.Response.Headers, headers);
        await Http.Response.StartAsync(CancellationToken);
        await Http.Response.BodyWriter.FlushAsync(CancellationToken);
    }

    /// <returns>The next request; null at the end.</returns>
    public async Task<TRequest?> ReadAsync<TRequest>(Marshaller<TRequest> marshaller, CancellationToken cancellationToken)
        where TRequest : class =>
        await reader!.ReadAsync(cancellationToken) is { } payload
            ? PayloadContext.Deserialize(payload, marshaller.ContextualDeserializer, "request")
            : null;

    /// <summary>The one request of a method that takes one.</summary>
    public async Task<TRequest> ReadSingleAsync<TRequest>(Marshaller<TRequest> marshaller)
        where TRequest : class
    {
        var request = await ReadAsync(marshaller, CancellationToken)
            ?? throw new RpcException(new Status(StatusCode.Unimplemented, $"{Context.Method} takes one message; the caller sent none."));
        return await reader!.ReadAsync(CancellationToken) is null
            ? request
            : throw new RpcException(new Status(StatusCode.Unimplemented, $"{Context.Method} takes one message; the caller sent more."));
    }

    public async Task WriteAsync<TResponse>(
        TResponse response, Marshaller<TResponse> marshaller, bool flush, CancellationToken cancellationToken)
        where TResponse : class
    {
        var frame = MessageFrame.Serialize(response, marshaller.ContextualSerializer, Options.MaxSendMessageSize);
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (ended || CancellationToken.IsCancellationRequested)
                throw new InvalidOperationException("Can't write the message because the request is complete.");
            hasMessages = true;
            Http.Response.BodyWriter.Write(frame.Span);
            if (flush)
                await Http.Response.BodyWriter.FlushAsync(cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (deadlineTimer is not null)
            await deadlineTimer.DisposeAsync();
        await expiry;
        cancellation.Dispose();
        gate.Dispose();
    }

    private void Begin()
    {
        RequestHeaders = GrpcHttpRequest.ReadMetadata(Http.Request.Headers);
        Deadline = GrpcHttpRequest.ReadDeadline(Http.Request.Headers, TimeProvider.System);
        reader = new MessageReader(
            Http.Request.Body, Http.Request.Headers[GrpcHeaderNames.Encoding], Options.MaxReceiveMessageSize, StatusCode.Unimplemented);
        if (Deadline != DateTime.MaxValue)
            deadlineTimer = new DeadlineTimer(Deadline, TimeProvider.System, () => expiry = ExpireAsync());
    }
}
