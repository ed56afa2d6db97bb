using System.Buffers;
using System.Buffers.Binary;
using Grpc.Core;

namespace Grpc.Net.Common.Framing;

/// <summary>One message with its five-byte prefix (flag 0: not compressed; length, big endian).</summary>
internal sealed class MessageFrame : SerializationContext
{
    public const int PrefixLength = 5;

    private readonly int? maxSize;
    private ArrayBufferWriter<byte>? buffer;
    private bool complete;

    private MessageFrame(int? maxSize) => this.maxSize = maxSize;

    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: the message is larger than <paramref name="maxSize"/>.</exception>
    public static ReadOnlyMemory<byte> Serialize<T>(T message, Action<T, SerializationContext> serializer, int? maxSize)
    {
        var frame = new MessageFrame(maxSize);
        serializer(message, frame);
        return frame.Finish();
    }

    public override void SetPayloadLength(int payloadLength)
    {
        CheckSize(payloadLength);
        if (buffer is null)
            Start(payloadLength);
    }

    public override IBufferWriter<byte> GetBufferWriter() => buffer ?? Start(256);

    public override void Complete(byte[] payload)
    {
        CheckSize(payload.Length);
        Start(payload.Length).Write(payload);
        complete = true;
    }

    public override void Complete() => complete = true;

    private ReadOnlyMemory<byte> Finish()
    {
        if (!complete)
            throw new InvalidOperationException("The serializer did not complete the message.");
        buffer ??= Start(0);
        var payload = buffer.WrittenCount - PrefixLength;
        CheckSize(payload);
        var memory = buffer.WrittenMemory;
        if (!System.Runtime.InteropServices.MemoryMarshal.TryGetArray(memory, out var array))
            throw new InvalidOperationException("The buffer is not an array.");
        BinaryPrimitives.WriteUInt32BigEndian(array.AsSpan(1, 4), (uint)payload);
        return memory;
    }

    private ArrayBufferWriter<byte> Start(int payloadLength)
    {
        buffer = new ArrayBufferWriter<byte>(payloadLength + PrefixLength);
        buffer.GetSpan(PrefixLength)[..PrefixLength].Clear();
        buffer.Advance(PrefixLength);
        return buffer;
    }

    private void CheckSize(int payload)
    {
        if (payload > maxSize)
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"Sending message exceeds the maximum configured message size: {payload} > {maxSize} bytes."));
    }
}
