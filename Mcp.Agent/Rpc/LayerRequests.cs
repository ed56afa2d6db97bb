using Grpc.Core;
using Mcp.V1;

namespace Mcp.Agent.Rpc;

/// <summary>The requests of a SendLayer call: first the header, then chunks.</summary>
internal sealed class LayerRequests(IAsyncStreamReader<SendLayerRequest> requests, TimeProvider time, CancellationToken call)
{
    /// <summary>A caller who sends nothing for so long has gone, and others may wait to send the same layer.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(60);

    public async Task<LayerHeader> HeaderAsync()
    {
        if (!await NextAsync() || requests.Current.PartCase != SendLayerRequest.PartOneofCase.Header)
            throw new AgentException(
                AgentError.InvalidRequest, "the layer does not start with its header", "use a client of the agent's version");
        RequestCheck.Check(requests.Current);
        return requests.Current.Header;
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ChunksAsync()
    {
        while (await NextAsync())
            yield return requests.Current.Chunk.Memory;
    }

    private async Task<bool> NextAsync()
    {
        try
        {
            return await requests.MoveNext(call).WaitAsync(IdleLimit, time, call);
        }
        catch (TimeoutException)
        {
            throw new AgentException(
                AgentError.InvalidRequest, $"the caller has sent nothing for {IdleLimit.TotalSeconds:0} s",
                "send the layer again; the node keeps what has arrived");
        }
        catch (Exception e) when (call.IsCancellationRequested && e is not OperationCanceledException)
        {
            throw new OperationCanceledException("the caller left", e, call);
        }
    }
}
