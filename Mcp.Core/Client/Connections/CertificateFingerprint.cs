using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mcp.Core.Client.Connections;

/// <summary>SHA-256 of a certificate, as people compare it: "AB:CD:...", 32 bytes.</summary>
public sealed record CertificateFingerprint
{
    private readonly string _hex;

    private CertificateFingerprint(string hex) => _hex = hex;

    public static CertificateFingerprint Of(X509Certificate certificate) =>
        new(Convert.ToHexString(SHA256.HashData(certificate.GetRawCertData())));

    /// <summary>Any case, with or without colons, with or without "sha256:" in front; null when it is none.</summary>
    public static CertificateFingerprint? TryParse(string text)
    {
        var written = text.Trim();
        foreach (var prefix in (string[])["sha256:", "sha-256:", "sha256="])
        {
            if (written.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                written = written[prefix.Length..];
        }
        var hex = written.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        return hex.Length == 64 && hex.All(char.IsAsciiHexDigit) ? new(hex) : null;
    }

    public override string ToString() => string.Join(':', _hex.Chunk(2).Select(pair => new string(pair)));
}
