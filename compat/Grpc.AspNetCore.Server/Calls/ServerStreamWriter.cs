using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>The responses of a streaming call.</summary>
internal sealed class ServerStreamWriter<TResponse>(ServerCall call, Marshaller<TResponse> marshaller) : IServerStreamWriter<TResponse>
    where TResponse : class
{
    private int writing;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TResponse message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Interlocked.Exchange(ref writing, 1) != 0)
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        try
        {
            var flush = (WriteOptions ?? call.Context.WriteOptions)?.Flags.HasFlag(WriteFlags.BufferHint) != true;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.CancellationToken);
            if (call.CancellationToken.IsCancellationRequested)
                throw new InvalidOperationException("Can't write the message because the request is complete.");
            await call.WriteAsync(message, marshaller, flush, either.Token);
        }
        finally
        {
            Volatile.Write(ref writing, 0);
        }
    }
}
