using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using Mcp.Core.Client.Connections;
using Mcp.Core.Collections;
using Mcp.Core.Images.Transfer;
using Mcp.Core.Protocol;
using Mcp.V1;

namespace Mcp.Core.Client;

public sealed partial class AgentClient
{
    private const int ChunkSize = 256 * 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Which of these the node's engine has, in the order of the question.</summary>
    /// <param name="images">References or image ids.</param>
    public Task<ValueList<Mcp.Core.Images.Transfer.NodeImage>> FindImagesAsync(
        IEnumerable<string> images, CancellationToken cancellationToken) =>
        AskAsync(
            async o => (await _agent.FindImagesAsync(new FindImagesRequest { Images = { images } }, o)).Images.Select(i => i.ToImage())
                .ToValueList(),
            cancellationToken);

    /// <summary>Which of an image's layers have to be sent before <see cref="AddImageAsync"/>.</summary>
    /// <param name="layers">Diff ids of all its layers, bottom first.</param>
    public Task<ValueList<string>> FindMissingLayersAsync(IEnumerable<string> layers, CancellationToken cancellationToken) =>
        AskAsync(
            async o => (await _agent.FindLayersAsync(new FindLayersRequest { Layers = { layers } }, o)).Missing.ToValueList(),
            cancellationToken);

    /// <summary>Sends a layer, or what the node does not yet have of it. A broken connection is resumed, and the node keeps what has
    /// arrived for later calls.</summary>
    /// <param name="layer">Its diff id.</param>
    /// <param name="content">The whole layer; read from where the node's part ends.</param>
    /// <param name="sent">Bytes of each chunk.</param>
    public async Task SendLayerAsync(string layer, Stream content, Action<int> sent, CancellationToken cancellationToken)
    {
        var pause = new Backoff(FirstPause, LongestPause, _options.Time);
        long? brokenSince = null;
        while (true)
        {
            try
            {
                await SendLayerOnceAsync(layer, content, Sent, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (McpException e) when (e.Kind == ErrorKind.Unreachable || e.Id == "agent-stopping")
            {
                brokenSince ??= _options.Time.GetTimestamp();
                if (_options.Time.GetElapsedTime(brokenSince.Value) >= _options.ResumeFor)
                    throw;
            }
            await pause.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        void Sent(int count)
        {
            brokenSince = null;
            pause.Reset();
            sent(count);
        }
    }

    /// <summary>Makes an image in the node's engine from layers that are there. Takes as long as the engine takes.</summary>
    /// <param name="image">The reference that it gets.</param>
    /// <param name="config">Its configuration, whose SHA-256 is its id.</param>
    public async Task<ImageAddition> AddImageAsync(string image, byte[] config, CancellationToken cancellationToken)
    {
        try
        {
            var request = new AddImageRequest { Image = image, Config = UnsafeByteOperations.UnsafeWrap(config) };
            return (await _agent.AddImageAsync(request, Options(cancellationToken)).ConfigureAwait(false)).ToAddition();
        }
        catch (RpcException e)
        {
            throw RpcError.From(e, Node, cancellationToken);
        }
    }

    private async Task SendLayerOnceAsync(string layer, Stream content, Action<int> sent, CancellationToken cancellationToken)
    {
        using var call = _agent.SendLayer(Options(cancellationToken));
        try
        {
            if (await TryWriteAsync(call, new() { Header = new() { Layer = layer, Size = content.Length } }).ConfigureAwait(false)
                && await StoredAsync(call, cancellationToken).ConfigureAwait(false) is var stored)
            {
                content.Position = stored;
                if (await SendAsync(call, content, sent, cancellationToken).ConfigureAwait(false))
                    await call.RequestStream.CompleteAsync().ConfigureAwait(false);
            }
            // The last answer, or the error that ended the call.
            await StoredAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            throw RpcError.From(e, Node, cancellationToken);
        }
    }

    private static async Task<long> StoredAsync(
        AsyncDuplexStreamingCall<SendLayerRequest, SendLayerResponse> call, CancellationToken cancellationToken) =>
        await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false) ? call.ResponseStream.Current.Stored : 0;

    /// <summary>False when the agent did not want all of it: its answer says why.</summary>
    private static async Task<bool> SendAsync(
        AsyncDuplexStreamingCall<SendLayerRequest, SendLayerResponse> call, Stream content, Action<int> sent,
        CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            while (await content.ReadAtLeastAsync(buffer.AsMemory(0, ChunkSize), ChunkSize, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false) is > 0 and var count)
            {
                // Serialised before the write returns, so the buffer can be used again.
                if (!await TryWriteAsync(call, new() { Chunk = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) })
                    .ConfigureAwait(false))
                    return false;
                sent(count);
            }
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<bool> TryWriteAsync(
        AsyncDuplexStreamingCall<SendLayerRequest, SendLayerResponse> call, SendLayerRequest request)
    {
        try
        {
            await call.RequestStream.WriteAsync(request).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException or OperationCanceledException)
        {
            // The call is over. Why, its response tells better than the write that came too late.
            return false;
        }
    }
}
