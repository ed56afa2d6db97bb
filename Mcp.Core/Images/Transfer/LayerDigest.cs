namespace Mcp.Core.Images.Transfer;

/// <summary>"sha256:" and 64 lower-case hexadecimal digits: the digest of an unpacked layer, or the id of an image.</summary>
public static class LayerDigest
{
    private const string Prefix = "sha256:";
    private const int Digits = 64;

    public static string Of(ReadOnlySpan<byte> hash) => Prefix + Convert.ToHexStringLower(hash);

    /// <summary>The digits, which are safe as a file name; null for what is no digest.</summary>
    public static string? Hex(string digest) =>
        digest.Length == Prefix.Length + Digits && digest.StartsWith(Prefix, StringComparison.Ordinal)
            && !digest.AsSpan(Prefix.Length).ContainsAnyExcept("0123456789abcdef")
            ? digest[Prefix.Length..]
            : null;
}
