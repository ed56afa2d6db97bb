using Grpc.Core;
using Mcp.Agent.Rpc;
using Mcp.V1;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Agent.Tests.Rpc;

public sealed class LayerRequestsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Chunks_CallerSendsNothingAnyMore_EndsTheCall()
    {
        var requests = new LayerRequests(
            new Stuck(new() { Header = new() { Size = 2 } }, new() { Chunk = Google.Protobuf.ByteString.CopyFrom(7) }), _time, default);
        Assert.Equal(2, (await requests.HeaderAsync()).Size);
        await using var chunks = requests.ChunksAsync().GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());

        var next = chunks.MoveNextAsync();
        _time.Advance(LayerRequests.IdleLimit);

        var error = await Assert.ThrowsAsync<AgentException>(async () => await next);
        Assert.Equal("the caller has sent nothing for 60 s", error.Message);
    }

    [Fact]
    public async Task Header_ChunkFirst_IsRefused()
    {
        var requests = new LayerRequests(new Stuck(new SendLayerRequest { Chunk = Google.Protobuf.ByteString.Empty }), _time, default);

        await Assert.ThrowsAsync<AgentException>(requests.HeaderAsync);
    }

    /// <summary>Gives its requests, and then never comes to an end.</summary>
    private sealed class Stuck(params SendLayerRequest[] requests) : IAsyncStreamReader<SendLayerRequest>
    {
        private int _next = -1;

        public SendLayerRequest Current => requests[_next];

        public Task<bool> MoveNext(CancellationToken cancellationToken) =>
            ++_next < requests.Length ? Task.FromResult(true) : new TaskCompletionSource<bool>().Task;
    }
}
