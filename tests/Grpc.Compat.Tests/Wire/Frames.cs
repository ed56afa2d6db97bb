using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;
using Grpc.Compat.Tests.Probe;

namespace Grpc.Compat.Tests.Wire;

/// <summary>Messages as bytes on the wire, right and wrong ones.</summary>
internal static class Frames
{
    public static readonly byte[] Hello = Frame(new EchoReply { Text = "hello" }.ToByteArray());

    public static byte[] Frame(byte[] payload, byte flag = 0, uint? claimedLength = null)
    {
        var frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), claimedLength ?? (uint)payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Gzip(byte[] payload)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(payload);
        return compressed.ToArray();
    }

    /// <summary>Bad ones by name: the bytes and their grpc-encoding.</summary>
    public static (byte[] Bytes, string? Encoding) Bad(string what) => what switch
    {
        "prefix cut short" => ([0, 0, 0], null),
        "payload cut short" => (Frame([1, 2, 3], claimedLength: 10), null),
        "flag 2" => (Frame([], flag: 2), null),
        "flag 255" => (Frame([], flag: 255), null),
        "compressed without encoding" => (Frame(Gzip([]), flag: 1), null),
        "compressed with identity" => (Frame(Gzip([]), flag: 1), "identity"),
        "compressed with an unknown encoding" => (Frame(Gzip([]), flag: 1), "br"),
        "compressed garbage" => (Frame([1, 2, 3, 4], flag: 1), "gzip"),
        "a claim of four gigabytes" => (Frame([], claimedLength: uint.MaxValue), null),
        "a claim over the limit" => (Frame([], claimedLength: 4 * 1024 * 1024 + 1), null),
        "a small message that unpacks to a large one" => (Frame(Gzip(new byte[16 * 1024 * 1024]), flag: 1), "gzip"),
        "not protobuf" => (Frame([0xFF, 0xFF, 0xFF]), null),
        "no message" => ([], null),
        "two messages" => ([.. Hello, .. Hello], null),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
    };
}
