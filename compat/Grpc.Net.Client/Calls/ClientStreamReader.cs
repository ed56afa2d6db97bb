using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>The responses of a streaming call.</summary>
internal sealed class ClientStreamReader<TRequest, TResponse>(ClientCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private int reading;
    private TResponse? current;

    public TResponse Current => current ?? throw new InvalidOperationException("There is no current message: MoveNext was not called or returned false.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref reading, 1) != 0)
            throw new InvalidOperationException("Can't read the next message because the previous read is still in progress.");
        try
        {
            // Cancelling a read cancels the call: bytes already taken can't be given back.
            using (cancellationToken.Register(call.CancelByCaller))
                current = await call.ReadResponseAsync().ConfigureAwait(false);
            return current is not null;
        }
        finally
        {
            Volatile.Write(ref reading, 0);
        }
    }
}
