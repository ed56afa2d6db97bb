using Grpc.Core;
using Grpc.Net.Client.Http;
using Grpc.Net.Common;

namespace Grpc.Net.Client.Calls;

/// <summary>
/// One call, from its start to its one outcome. Whatever ends it first (the server's status, a failure, the deadline, the caller)
/// decides the status; everybody who waits for any part of the call is let go with it.
/// </summary>
internal sealed partial class ClientCall<TRequest, TResponse> : IDisposable
    where TRequest : class
    where TResponse : class
{
    private readonly GrpcChannel channel;
    private readonly string? host;
    private readonly DateTime deadline;
    private readonly CancellationTokenSource cancellation = new();
    private readonly TaskCompletionSource<Status> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Metadata> headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TResponse> single = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private CancellationTokenRegistration callerCancels;
    private DeadlineTimer? deadlineTimer;
    private RequestStreamContent? requestStream;
    private HttpResponseMessage? response;
    private Metadata trailers = Metadata.Empty;
    private bool ended;

    public ClientCall(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        this.channel = channel;
        this.host = host;
        Method = method;
        Options = options;
        deadline = options.Deadline ?? DateTime.MaxValue;
        if (deadline.Kind != DateTimeKind.Utc && deadline != DateTime.MaxValue && deadline != DateTime.MinValue)
            throw new InvalidOperationException("Deadline must have a kind DateTimeKind.Utc or be equal to DateTime.MaxValue or DateTime.MinValue.");
        RequestStream = new ClientStreamWriter<TRequest, TResponse>(this);
        ResponseStream = new ClientStreamReader<TRequest, TResponse>(this);
    }

    public Method<TRequest, TResponse> Method { get; }

    public CallOptions Options { get; }

    public int? MaxSendMessageSize => channel.Options.MaxSendMessageSize;

    public ClientStreamWriter<TRequest, TResponse> RequestStream { get; }

    public ClientStreamReader<TRequest, TResponse> ResponseStream { get; }

    public Task<Metadata> ResponseHeaders => headers.Task;

    public Task<TResponse> SingleResponse => single.Task;

    public bool HasSingleResponse => Method.Type is MethodType.Unary or MethodType.ClientStreaming;

    public Task<Status> Outcome => outcome.Task;

    public CancellationToken CancellationToken => cancellation.Token;

    public Status GetStatus() => outcome.Task.IsCompletedSuccessfully
        ? outcome.Task.GetAwaiter().GetResult()
        : throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers() => outcome.Task.IsCompletedSuccessfully
        ? trailers
        : throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");

    public void Dispose() => End(new Status(StatusCode.Cancelled, "gRPC call disposed."));

    public void CancelByCaller() => End(new Status(StatusCode.Cancelled, "Call canceled by the client."));

    /// <summary>Ends the call because of an exception, unless something ended it before; then the exception is only its echo.</summary>
    public void Fail(Exception exception, string summary)
    {
        var status = TransportFailure.ToStatus(exception, summary);
        // A server that sees the deadline first resets the stream; it is the deadline all the same.
        if (status.StatusCode == StatusCode.Cancelled && DeadlineHasPassed())
            status = DeadlineExceeded(exception);
        End(status, exception is RpcException rpc ? rpc.Trailers : null);
    }

    public Exception ToException(Status status)
    {
        var exception = new RpcException(status, trailers);
        return channel.Options.ThrowOperationCanceledOnCancellation && status.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded
            ? new OperationCanceledException(status.Detail, exception, Options.CancellationToken.IsCancellationRequested ? Options.CancellationToken : default)
            : exception;
    }

    /// <summary>True for the one who ends the call.</summary>
    private bool End(Status status, Metadata? withTrailers = null)
    {
        lock (gate)
        {
            if (ended)
                return false;
            ended = true;
            trailers = withTrailers ?? trailers;
        }
        channel.Leave(this);
        deadlineTimer?.Dispose();
        // Not Dispose: it waits for the callback that may be running this very method elsewhere.
        callerCancels.Unregister();
        outcome.TrySetResult(status);
        if (status.StatusCode != StatusCode.OK)
            FailWaiting(ToException(status));
        Release();
        return true;
    }

    private void FailWaiting(Exception exception)
    {
        foreach (var task in (Task[])[headers.TrySetException(exception) ? headers.Task : Task.CompletedTask, single.TrySetException(exception) ? single.Task : Task.CompletedTask])
        {
            // Nobody has to look at each of them; the finalizer shall not call that unobserved.
            _ = task.Exception;
        }
    }

    // First the reset of the stream, then the end of the request: the server must not take a cancelled stream for a finished one.
    private void Release()
    {
        cancellation.Cancel();
        response?.Dispose();
        requestStream?.Abandon();
    }

    private bool DeadlineHasPassed() => deadline != DateTime.MaxValue && channel.Time.GetUtcNow().UtcDateTime >= deadline;

    private static Status DeadlineExceeded(Exception? cause = null) => new(StatusCode.DeadlineExceeded, "", cause);
}
