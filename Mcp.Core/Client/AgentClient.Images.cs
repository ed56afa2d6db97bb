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

    /// <summary>Which of these the node's engine has.</summary>
    /// <param name="images">References or image ids.</param>
    /// <param name="layers">Diff ids.</param>
    public Task<NodeImages> FindImagesAsync(IEnumerable<string> images, IEnumerable<string> layers, CancellationToken cancellationToken) =>
        AskAsync(
        async o =>
        {
            var answer = await _agent.FindImagesAsync(new FindImagesRequest { Images = { images }, Layers = { layers } }, o);
            return new NodeImages(answer.Images.Select(i => i.ToImage()).ToValueList(), answer.Layers.ToValueList());
        },
        cancellationToken);

    /// <summary>Sends an archive of `podman save` or `docker save` to the node's engine. When this throws, nothing of it is stored on the
    /// node.</summary>
    /// <param name="archive">Read once, from where it stands to its end; what it throws ends the transfer.</param>
    /// <param name="progress">Bytes sent so far.</param>
    /// <returns>The images as the node's engine has them now, one for each reference of <paramref name="load"/>.</returns>
    public async Task<ValueList<Mcp.Core.Images.Transfer.NodeImage>> LoadImageAsync(
        ImageLoad load, Stream archive, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var call = _agent.LoadImage(Options(cancellationToken));
        try
        {
            if (await SendAsync(call, load, archive, progress, cancellationToken).ConfigureAwait(false))
                await call.RequestStream.CompleteAsync().ConfigureAwait(false);
            return (await call.ResponseAsync.ConfigureAwait(false)).Images.Select(i => i.ToImage()).ToValueList();
        }
        catch (RpcException e)
        {
            throw RpcError.From(e, Node, cancellationToken);
        }
    }

    /// <summary>False when the agent did not want all of it: its answer says why.</summary>
    private static async Task<bool> SendAsync(
        AsyncClientStreamingCall<LoadImageRequest, LoadImageResponse> call, ImageLoad load, Stream archive, IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        if (!await TryWriteAsync(call, new LoadImageRequest { Header = load.ToWire() }).ConfigureAwait(false))
            return false;
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            long sent = 0;
            while (await archive.ReadAtLeastAsync(buffer.AsMemory(0, ChunkSize), ChunkSize, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false) is > 0 and var count)
            {
                // Serialised before the write returns, so the buffer can be used again.
                if (!await TryWriteAsync(call, new LoadImageRequest { Chunk = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) })
                    .ConfigureAwait(false))
                    return false;
                sent += count;
                progress?.Report(sent);
            }
            return await TryWriteAsync(call, new LoadImageRequest { End = new LoadImageEnd { Size = sent } }).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<bool> TryWriteAsync(
        AsyncClientStreamingCall<LoadImageRequest, LoadImageResponse> call, LoadImageRequest request)
    {
        try
        {
            await call.RequestStream.WriteAsync(request).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The call is over. Why, its response tells better than the write that came too late.
            return false;
        }
    }
}
