using System.Buffers;
using Grpc.Core;

namespace Grpc.Net.Common.Framing;

/// <summary>A received payload for a deserializer.</summary>
internal sealed class PayloadContext(ReadOnlyMemory<byte> payload) : DeserializationContext
{
    public override int PayloadLength => payload.Length;

    public override byte[] PayloadAsNewBuffer() => payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(payload);

    /// <exception cref="RpcException">INTERNAL: the bytes are not such a message.</exception>
    public static T Deserialize<T>(ReadOnlyMemory<byte> payload, Func<DeserializationContext, T> deserializer, string what)
    {
        try
        {
            return deserializer(new PayloadContext(payload));
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"Failed to deserialize {what} message.", e));
        }
    }
}
