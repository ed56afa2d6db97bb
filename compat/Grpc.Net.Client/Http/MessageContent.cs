using System.Net;
using System.Net.Http.Headers;
using Grpc.Net.Common.Wire;

namespace Grpc.Net.Client.Http;

/// <summary>A request body of one message that is already serialized.</summary>
internal sealed class MessageContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> frame;

    public MessageContent(ReadOnlyMemory<byte> frame)
    {
        this.frame = frame;
        Headers.ContentType = new MediaTypeHeaderValue(GrpcHeaderNames.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(frame, cancellationToken).AsTask();

    // The length is not announced: gRPC marks the end by closing the stream.
    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
