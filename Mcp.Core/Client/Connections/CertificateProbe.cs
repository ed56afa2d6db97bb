using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Mcp.Core.Client.Workstation;

namespace Mcp.Core.Client.Connections;

/// <summary>The certificate that a server shows.</summary>
/// <param name="TrustedByMachine">It needs no pin: a CA that this machine trusts issued it for this host.</param>
public sealed record ServerCertificate(
    CertificateFingerprint Fingerprint, string Subject, string HostNames, DateTimeOffset NotBefore, DateTimeOffset NotAfter,
    bool TrustedByMachine);

/// <summary>Asks a server for its certificate and sends it nothing, so that a person can compare the fingerprint before
/// anything is trusted.</summary>
public static class CertificateProbe
{
    /// <exception cref="McpException">No connection.</exception>
    public static async Task<ServerCertificate> AskAsync(string name, Uri address, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var node = new NodeConfig { Name = name, Address = address };
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(timeout);
        var trusted = false;
        try
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(address.IdnHost, address.Port, limited.Token).ConfigureAwait(false);
            await using var tls = new SslStream(tcp.GetStream());
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = address.IdnHost,
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ApplicationProtocols = [SslApplicationProtocol.Http2],
                    // Any certificate is accepted: nothing is sent, and a person judges the fingerprint.
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                    {
                        trusted = errors == SslPolicyErrors.None;
                        return certificate is not null;
                    },
                },
                limited.Token).ConfigureAwait(false);
            using var certificate = X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
            return new(CertificateFingerprint.Of(certificate), certificate.Subject, CertificateNames.Of(certificate),
                certificate.NotBefore, certificate.NotAfter, trusted);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw ConnectionError.From(e, node, trust: null, timeout);
        }
    }
}
