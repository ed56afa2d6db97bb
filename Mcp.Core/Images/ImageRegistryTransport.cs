namespace Mcp.Core.Images;

/// <summary>How to connect to an image registry.</summary>
/// <param name="PlainHttp">It does not speak TLS.</param>
/// <param name="Insecure">Its certificate is not checked.</param>
/// <param name="CaFile">PEM file with CAs trusted in addition to the system's.</param>
public sealed record ImageRegistryTransport(bool PlainHttp = false, bool Insecure = false, string? CaFile = null);
