namespace Mcp.Core.Images;

/// <summary>How an image registry is to be spoken to.</summary>
/// <param name="PlainHttp">It answers without TLS.</param>
/// <param name="Insecure">The operator has said that its certificate need not be checked.</param>
/// <param name="CaFile">PEM file with CAs to trust besides the system's.</param>
public sealed record ImageRegistryTransport(bool PlainHttp = false, bool Insecure = false, string? CaFile = null);
