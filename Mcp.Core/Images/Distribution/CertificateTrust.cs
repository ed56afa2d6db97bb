using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mcp.Core.Images.Distribution;

/// <summary>
/// Accepts one host's certificate by the system's trust or by the CAs configured for that host. Keeps the reason of a refusal.
/// </summary>
internal sealed class CertificateTrust
{
    private readonly X509Certificate2Collection _authorities = [];
    private readonly bool _anything;

    public CertificateTrust(string host, ImageRegistryHost settings, IEnumerable<string> certificateFolders)
    {
        _anything = settings.Insecure;
        if (settings.CaFile is { } file)
            Load(file);
        foreach (var folder in certificateFolders.Select(f => Path.Combine(f, host)).Where(Directory.Exists))
            foreach (var authority in Directory.EnumerateFiles(folder, "*.crt"))
                Load(authority);
    }

    /// <summary>null as long as nothing was refused.</summary>
    public string? Refusal { get; private set; }

    public bool Accept(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_anything || errors == SslPolicyErrors.None)
            return true;
        if (certificate is X509Certificate2 leaf && errors == SslPolicyErrors.RemoteCertificateChainErrors
            && LeadsToGivenAuthority(leaf, chain))
            return true;
        Refusal = Describe(certificate, chain, errors);
        return false;
    }

    private bool LeadsToGivenAuthority(X509Certificate2 leaf, X509Chain? given)
    {
        if (_authorities.Count == 0)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in given?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(leaf);
    }

    private void Load(string file)
    {
        try
        {
            _authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CertificateFileException(file, e);
        }
    }

    private static string Describe(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return "it sends no certificate";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return $"its certificate is for another name ({certificate.Subject})";
        var status = chain?.ChainStatus.FirstOrDefault(s => s.Status != X509ChainStatusFlags.NoError).StatusInformation?.Trim();
        return $"its certificate ({certificate.Subject}) is issued by {certificate.Issuer}, which this machine does not trust"
            + (string.IsNullOrEmpty(status) ? "" : $" ({status})");
    }
}

/// <summary>A configured CA file that can't be used.</summary>
internal sealed class CertificateFileException(string file, Exception inner)
    : Exception($"CA file {file} can't be used: {inner.Message}", inner)
{
    public string File { get; } = file;
}
