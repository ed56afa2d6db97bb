using System.Buffers;

namespace Grpc.Core;

internal sealed class ArraySerializationContext : SerializationContext
{
    private ArrayBufferWriter<byte> buffer = new();

    public override void Complete(byte[] payload)
    {
        buffer.Clear();
        buffer.Write(payload);
    }

    public override void SetPayloadLength(int payloadLength) => buffer = new ArrayBufferWriter<byte>(Math.Max(1, payloadLength));

    public override IBufferWriter<byte> GetBufferWriter() => buffer;

    public override void Complete()
    {
    }

    public byte[] ToArray() => buffer.WrittenSpan.ToArray();
}

internal sealed class ArrayDeserializationContext(byte[] payload) : DeserializationContext
{
    public override int PayloadLength => payload.Length;

    public override byte[] PayloadAsNewBuffer() => (byte[])payload.Clone();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(payload);
}
