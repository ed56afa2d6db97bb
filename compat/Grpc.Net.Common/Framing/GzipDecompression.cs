using System.IO.Compression;
using Grpc.Core;

namespace Grpc.Net.Common.Framing;

internal static class GzipDecompression
{
    /// <exception cref="RpcException">INTERNAL: not gzip; RESOURCE_EXHAUSTED: larger than allowed once decompressed.</exception>
    public static byte[] Decompress(byte[] compressed, int? maxSize)
    {
        using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var result = new MemoryStream();
        var chunk = new byte[16 * 1024];
        try
        {
            int got;
            while ((got = gzip.Read(chunk)) > 0)
            {
                // Stopped at the limit and not after it: a small message may unpack to a huge one.
                if (result.Length + got > (maxSize ?? Array.MaxLength))
                    throw new RpcException(new Status(
                        StatusCode.ResourceExhausted,
                        $"Received message exceeds the maximum configured message size once decompressed: over {maxSize ?? Array.MaxLength} bytes."));
                result.Write(chunk, 0, got);
            }
        }
        catch (InvalidDataException e)
        {
            throw new RpcException(new Status(StatusCode.Internal, "Received message can't be decompressed: " + e.Message, e));
        }
        return result.ToArray();
    }
}
