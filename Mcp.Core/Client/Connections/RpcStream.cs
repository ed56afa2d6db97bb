using System.Runtime.CompilerServices;
using Grpc.Core;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Protocol;

namespace Mcp.Core.Client.Connections;

internal static class RpcStream
{
    /// <summary>A server's stream as items; its end as an exception that callers know. Leaving the enumeration ends the call.</summary>
    public static async IAsyncEnumerable<TItem> ReadAsync<T, TItem>(
        AsyncServerStreamingCall<T> started, Func<T, TItem> read, NodeConfig node,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = started;
        while (await MoveNextAsync(call.ResponseStream, node, cancellationToken).ConfigureAwait(false))
            yield return Read(call.ResponseStream.Current, read, node);
    }

    private static TItem Read<T, TItem>(T message, Func<T, TItem> read, NodeConfig node)
    {
        try
        {
            return read(message);
        }
        catch (WireException e)
        {
            throw RpcError.From(e, node);
        }
    }

    private static async Task<bool> MoveNextAsync<T>(IAsyncStreamReader<T> stream, NodeConfig node, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            throw RpcError.From(e, node, cancellationToken);
        }
    }
}
