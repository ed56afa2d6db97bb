namespace Grpc.Net.Common.Wire;

internal static class GrpcHeaderNames
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string ContentType = "application/grpc";

    /// <summary>What <c>grpc-accept-encoding</c> announces: what <see cref="Framing.MessageReader"/> reads.</summary>
    public const string ReadableEncodings = "identity,gzip";

    /// <summary><c>application/grpc</c>, with or without a message format and parameters; not <c>application/grpc-web</c>.</summary>
    public static bool IsGrpcContentType(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';' or ' ');
}
