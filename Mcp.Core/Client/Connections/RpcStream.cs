using System.Runtime.CompilerServices;
using Grpc.Core;
using Mcp.Core.Client.Workstation;

namespace Mcp.Core.Client.Connections;

internal static class RpcStream
{
    /// <summary>A server's stream as items; its end as an exception that callers know. Leaving the enumeration ends the call.</summary>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        AsyncServerStreamingCall<T> started, NodeConfig node, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = started;
        while (await MoveNextAsync(call.ResponseStream, node, cancellationToken).ConfigureAwait(false))
            yield return call.ResponseStream.Current;
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
