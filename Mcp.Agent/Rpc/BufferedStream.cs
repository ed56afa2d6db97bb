using Grpc.Core;

namespace Mcp.Agent.Rpc;

/// <summary>Streams of small messages. Each write sends a packet by itself; here, one is sent when there is nothing more to say at the
/// moment, or when much has gathered.</summary>
internal static class BufferedStream
{
    /// <summary>So many messages wait in memory at most.</summary>
    private const int Most = 100;

    private static readonly WriteOptions Wait = new(WriteFlags.BufferHint);

    public static async Task WriteAllAsync<T, TMessage>(
        this IServerStreamWriter<TMessage> stream, IAsyncEnumerable<T> items, Func<T, TMessage> map, CancellationToken cancellationToken)
    {
        await using var source = items.GetAsyncEnumerator(cancellationToken);
        var next = source.MoveNextAsync().AsTask();
        try
        {
            for (var count = 1; await next; count++)
            {
                var item = source.Current;
                next = source.MoveNextAsync().AsTask();
                // The end of the call sends what waits.
                stream.WriteOptions = next.IsCompleted && count % Most > 0 ? Wait : null;
                await stream.WriteAsync(map(item), cancellationToken);
            }
        }
        finally
        {
            // A source can't be left while it looks for its next item. The call's end cancels that.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
