using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mcp.Testing;

/// <summary>A root, an intermediate authority and a server certificate for localhost and 127.0.0.1, as files.</summary>
public sealed record TestAuthority(X509Certificate2 Root, string RootFile, string ChainFile, string LeafFile, string KeyFile)
{
    public static TestAuthority Create(string folder)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        using var root = Request("root", rootKey, authority: true).CreateSelfSigned(now.AddDays(-1), now.AddYears(2));
        using var middle = Request("intermediate", middleKey, authority: true).Create(root, now.AddDays(-1), now.AddYears(1), [1])
            .CopyWithPrivateKey(middleKey);
        using var leaf = Request("node", leafKey, authority: false).Create(middle, now.AddDays(-1), now.AddDays(300), [2]);

        var authority = new TestAuthority(
            X509CertificateLoader.LoadCertificate(root.RawData), Path.Combine(folder, "root.crt"), Path.Combine(folder, "chain.pem"),
            Path.Combine(folder, "leaf.pem"), Path.Combine(folder, "key.pem"));
        File.WriteAllText(authority.RootFile, root.ExportCertificatePem());
        File.WriteAllText(authority.LeafFile, leaf.ExportCertificatePem());
        File.WriteAllText(authority.ChainFile, $"{leaf.ExportCertificatePem()}\n{middle.ExportCertificatePem()}\n");
        File.WriteAllText(authority.KeyFile, leafKey.ExportPkcs8PrivateKeyPem());
        return authority;
    }

    private static CertificateRequest Request(string name, ECDsa key, bool authority)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, true));
        if (!authority)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
        }
        return request;
    }
}
