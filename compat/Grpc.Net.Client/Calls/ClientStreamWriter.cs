using Grpc.Core;
using Grpc.Net.Client.Http;
using Grpc.Net.Common.Framing;

namespace Grpc.Net.Client.Calls;

/// <summary>The requests of a streaming call.</summary>
internal sealed class ClientStreamWriter<TRequest, TResponse>(ClientCall<TRequest, TResponse> call) : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private RequestStreamContent? content;
    private int writing;
    private bool completed;

    public WriteOptions? WriteOptions { get; set; } = call.Options.WriteOptions;

    public void Attach(RequestStreamContent requestContent) => content = requestContent;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        Enter("write the message");
        try
        {
            if (completed)
                throw new InvalidOperationException("Can't write the message: the request stream is completed.");
            if (call.Outcome.IsCompleted)
                throw await EndedAsync().ConfigureAwait(false);
            var frame = MessageFrame.Serialize(message, call.Method.RequestMarshaller.ContextualSerializer, call.MaxSendMessageSize);
            // Cancelling a write cancels the call: half a message can't be taken back.
            using (cancellationToken.Register(call.CancelByCaller))
                await SendAsync(frame).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        Enter("complete the request stream");
        completed = true;
        content!.Complete();
        Volatile.Write(ref writing, 0);
        return Task.CompletedTask;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> frame)
    {
        try
        {
            var body = await content!.Opened.ConfigureAwait(false);
            await body.WriteAsync(frame, call.CancellationToken).ConfigureAwait(false);
            if (WriteOptions?.Flags.HasFlag(WriteFlags.BufferHint) != true)
                await body.FlushAsync(call.CancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The server's status says more than the broken pipe. Where responses stream, it comes only when the caller reads them.
            if (call.HasSingleResponse || call.Outcome.IsCompleted)
                throw await EndedAsync().ConfigureAwait(false);
            throw call.ToException(TransportFailure.ToStatus(e, "Error writing the message; the response stream has the outcome of the call."));
        }
    }

    private void Enter(string action)
    {
        if (Interlocked.Exchange(ref writing, 1) != 0)
            throw new InvalidOperationException($"Can't {action} because the previous write is in progress.");
    }

    private async Task<Exception> EndedAsync()
    {
        var status = await call.Outcome.ConfigureAwait(false);
        return status.StatusCode == StatusCode.OK
            ? new InvalidOperationException("Can't write the message because the call is complete.")
            : call.ToException(status);
    }
}
