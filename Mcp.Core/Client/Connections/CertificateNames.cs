using System.Security.Cryptography.X509Certificates;

namespace Mcp.Core.Client.Connections;

internal static class CertificateNames
{
    /// <summary>The host names and addresses that a certificate is for, as people read them.</summary>
    public static string Of(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(ip => ip.ToString())))
            .ToList();
        return names.Count > 0 ? string.Join(", ", names) : certificate.Subject;
    }
}
