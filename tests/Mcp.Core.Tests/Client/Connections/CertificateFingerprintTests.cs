using Mcp.Core.Client.Connections;

namespace Mcp.Core.Tests.Client.Connections;

public sealed class CertificateFingerprintTests
{
    private static readonly string Plain =
        string.Concat(Enumerable.Range(0, 32).Select(i => i.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void TryParse_EveryWayOfWriting_IsTheSame()
    {
        var colons = string.Join(':', Plain.Chunk(2).Select(c => new string(c))).ToUpperInvariant();
        var fingerprint = CertificateFingerprint.TryParse(colons);

        Assert.NotNull(fingerprint);
        Assert.Equal(colons, fingerprint.ToString());
        Assert.All(
            [Plain, Plain.ToUpperInvariant(), colons.ToLowerInvariant(), "SHA256:" + Plain, " sha256:" + colons + "\n"],
            text => Assert.Equal(fingerprint, CertificateFingerprint.TryParse(text)));
    }

    [Fact]
    public void TryParse_OtherThanThat_IsNone() =>
        Assert.All(["", "AB:CD", Plain + "00", Plain[1..], Plain[..63] + "g"], text => Assert.Null(CertificateFingerprint.TryParse(text)));
}
