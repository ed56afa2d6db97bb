using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Mcp.Core.Client.Workstation;

namespace Mcp.Core.Client.Connections;

/// <summary>Decides whether a server's certificate is the agent's: the pinned one, one from the given CA, or one that the machine trusts.
/// Keeps the reason of the last refusal, which the TLS stack's own exception does not carry.</summary>
internal sealed class ServerTrust(NodeConfig node)
{
    private volatile McpException? _rejection;

    public McpException? Rejection => _rejection;

    /// <summary>What the TLS stack checks by itself; null: whether the machine trusts the certificate. That says nothing about a pinned
    /// certificate or one of the node's own CA, and must not fetch the issuer's certificate from where a stranger's names it.</summary>
    public X509ChainPolicy? ChainPolicy => node.TrustsMachine ? null : new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    public bool Accepts(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _rejection = certificate is null
            ? Refusal("no-certificate", $"{Names.Of(node)} presented no certificate", "check that the address is an mcp-agent's")
            : Judge(certificate, chain, errors);
        return _rejection is null;
    }

    private McpException? Judge(X509Certificate certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (node.Fingerprint is { } pinned)
            return CertificateFingerprint.Of(certificate) is var shown && shown == pinned ? null : WrongFingerprint(pinned, shown);
        if (node.CaCertificatePath is { } path)
            return JudgeByAuthority(certificate, chain, errors, path);
        return errors == SslPolicyErrors.None ? null : Refusal("untrusted-certificate",
            $"{Names.Of(node)} presents a certificate that this machine does not trust ({Describe(errors, chain)}); "
            + $"its fingerprint is {CertificateFingerprint.Of(certificate)}",
            "compare that with the fingerprint that the agent prints when it starts, "
            + "then set fingerprint (or ca_cert) for the node in the config");
    }

    private McpException? JudgeByAuthority(X509Certificate certificate, X509Chain? shown, SslPolicyErrors errors, string path)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            return UnusableAuthority($"the CA certificate {path} of node {node.Name} can't be read: {e.Message}");
        }
        if (authorities.Count == 0)
            return UnusableAuthority($"{path}, the CA certificate of node {node.Name}, holds no PEM certificate");

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in shown?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        if (!chain.Build(leaf))
        {
            return Refusal("untrusted-ca",
                $"the certificate of {Names.Of(node)} was not issued by the CA in {path} "
                + $"({Describe(SslPolicyErrors.RemoteCertificateChainErrors, chain)})",
                "give ca_cert the CA that issued the agent's certificate, or pin the agent with fingerprint");
        }
        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? Refusal("wrong-host-name", $"the certificate of {Names.Of(node)} is for other names ({CertificateNames.Of(leaf)})",
                "use one of these names in the node's address, or pin the agent with fingerprint")
            : null;
    }

    private McpException WrongFingerprint(CertificateFingerprint pinned, CertificateFingerprint shown) => Refusal("wrong-fingerprint",
        $"{Names.Of(node)} presents another certificate than the pinned one\n  pinned:    {pinned}\n  presented: {shown}\n"
        + "Either the agent has a new certificate (reinstalled, data directory lost), or something else answers at this address",
        "compare with the fingerprint that the agent prints on the node; if they are equal, put it into the config; "
        + "otherwise find out who answers");

    private McpException UnusableAuthority(string message) =>
        new(ErrorKind.Usage, "unusable-ca", message, "correct ca_cert in the config", node.Name);

    private McpException Refusal(string id, string message, string remedy) => new(ErrorKind.Unreachable, id, message, remedy, node.Name);

    private static string Describe(SslPolicyErrors errors, X509Chain? chain)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return "it is for another host name";
        var status = chain?.ChainStatus.FirstOrDefault().StatusInformation.Trim().TrimEnd('.');
        return string.IsNullOrEmpty(status) ? "unknown issuer" : status;
    }
}
