using System.Buffers.Binary;
using Grpc.Core;

namespace Grpc.Net.Common.Framing;

/// <summary>Takes the messages of one side of a call from its HTTP body. Not for use from two threads at once.</summary>
/// <param name="body">The bytes as they come.</param>
/// <param name="encoding">The <c>grpc-encoding</c> of that side, null when it named none.</param>
/// <param name="maxSize">The largest payload taken, before and after decompression; null for any.</param>
/// <param name="unsupportedEncoding">The status for an encoding that can't be read: servers and clients answer differently.</param>
internal sealed class MessageReader(Stream body, string? encoding, int? maxSize, StatusCode unsupportedEncoding)
{
    // A length is only a claim: memory grows with what really arrives.
    private const int FirstBuffer = 64 * 1024;

    private readonly byte[] prefix = new byte[MessageFrame.PrefixLength];

    /// <returns>The payload, or null at the end of the stream.</returns>
    /// <exception cref="RpcException">The bytes break the protocol or a limit; the status says which.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        var got = await body.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (got == 0)
            return null;
        if (got < prefix.Length)
            throw Fail(StatusCode.Internal, $"Incomplete message: the stream ended after {got} bytes of a message prefix.");

        var flag = prefix[0];
        if (flag > 1)
            throw Fail(StatusCode.Internal, $"Unexpected compressed flag value {flag} in a message prefix.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1));
        if (length > (maxSize ?? Array.MaxLength))
            throw Fail(
                StatusCode.ResourceExhausted,
                $"Received message exceeds the maximum configured message size: {length} > {maxSize ?? Array.MaxLength} bytes.");
        if (flag == 1)
            CheckEncoding();

        var payload = await ReadPayloadAsync((int)length, cancellationToken).ConfigureAwait(false);
        return flag == 1 ? GzipDecompression.Decompress(payload, maxSize) : payload;
    }

    private void CheckEncoding()
    {
        if (string.IsNullOrEmpty(encoding) || encoding == "identity")
            throw Fail(StatusCode.Internal, "A message has the compressed flag, but grpc-encoding names no compression.");
        if (encoding != "gzip")
            throw Fail(unsupportedEncoding, $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: identity, gzip");
    }

    private async ValueTask<byte[]> ReadPayloadAsync(int length, CancellationToken cancellationToken)
    {
        var payload = new byte[Math.Min(length, FirstBuffer)];
        var filled = 0;
        while (true)
        {
            filled += await body.ReadAtLeastAsync(
                payload.AsMemory(filled), payload.Length - filled, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (filled < payload.Length)
                throw Fail(StatusCode.Internal, $"Incomplete message: the stream ended after {filled} of {length} bytes.");
            if (filled == length)
                return payload;
            Array.Resize(ref payload, (int)Math.Min(length, 2L * payload.Length));
        }
    }

    private static RpcException Fail(StatusCode code, string detail) => new(new Status(code, detail));
}
