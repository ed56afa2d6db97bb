using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a serializer puts its bytes: all at once, or through a buffer writer.</summary>
public abstract class SerializationContext
{
    /// <summary>Ends the serialization with this payload.</summary>
    public virtual void Complete(byte[] payload) => throw new NotSupportedException();

    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotSupportedException();

    /// <summary>A size known beforehand saves copying; optional, and called before <see cref="GetBufferWriter"/>.</summary>
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    /// <summary>Ends the serialization with what the buffer writer got.</summary>
    public virtual void Complete() => throw new NotSupportedException();
}
