using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mcp.Core;

namespace Mcp.Agent.Hosting;

/// <summary>Creates the certificate of an agent that has none configured. Clients pin its fingerprint, so it is valid for years.</summary>
internal static class SelfSignedCertificate
{
    private const int Years = 10;

    public static void Create(string agentName, IEnumerable<string> names, DataDirectory directory, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName($"mcp-agent {agentName}");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(AlternativeNames(names));

        // A day back, for clients whose clock is behind.
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(Years));

        // The key first: a certificate without its key is created again at the next start, a key alone is overwritten.
        PrivateFile.Write(directory.Key, key.ExportPkcs8PrivateKeyPem() + "\n");
        PrivateFile.Write(directory.Certificate, certificate.ExportCertificatePem() + "\n");
    }

    private static X509Extension AlternativeNames(IEnumerable<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Prepend(Environment.MachineName).Prepend("localhost").Distinct(StringComparer.OrdinalIgnoreCase))
            if (IPAddress.TryParse(name, out var address))
                builder.AddIpAddress(address);
            else if (Uri.CheckHostName(name) == UriHostNameType.Dns)
                builder.AddDnsName(name);
        builder.AddIpAddress(IPAddress.Loopback);
        builder.AddIpAddress(IPAddress.IPv6Loopback);
        return builder.Build();
    }
}
