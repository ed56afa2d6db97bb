using Grpc.Core;

namespace Grpc.Net.Common.Wire;

/// <summary>Metadata as HTTP headers, both ways. <c>-bin</c> values are base64, several of them may share a line.</summary>
internal static class MetadataCoding
{
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        GrpcHeaderNames.Status, GrpcHeaderNames.Message, GrpcHeaderNames.Timeout, GrpcHeaderNames.Encoding, GrpcHeaderNames.AcceptEncoding,
        "content-type", "content-length", "te", "host", "accept-encoding", "connection", "transfer-encoding", "trailer",
    };

    /// <summary>Belongs to the protocol or to HTTP, never to the application.</summary>
    public static bool IsReserved(string name) => name.StartsWith(':') || Reserved.Contains(name);

    /// <summary>The spec wants no padding written, and takes it when read.</summary>
    public static string EncodeValue(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes).TrimEnd('=') : entry.Value;

    /// <exception cref="FormatException">A binary value is not base64.</exception>
    public static void Decode(Metadata metadata, string name, string value)
    {
        if (IsReserved(name))
            return;
        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            metadata.Add(name, value);
            return;
        }
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
            metadata.Add(name, FromBase64(part));
    }

    private static byte[] FromBase64(string text)
    {
        var digits = text.TrimEnd('=');
        return Convert.FromBase64String(digits.PadRight((digits.Length + 3) / 4 * 4, '='));
    }
}
