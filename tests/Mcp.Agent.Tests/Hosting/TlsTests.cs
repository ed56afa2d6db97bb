using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Mcp.Testing;

namespace Mcp.Agent.Tests.Hosting;

public sealed class TlsTests
{
    [Fact]
    public async Task Handshake_Tls13_SpeaksHttp2WithTheCertificateOfTheDataDirectory()
    {
        await using var agent = await RunningAgent.StartAsync();
        await using var tls = await HandshakeAsync(agent, SslProtocols.Tls13, RunningAgent.Pin(agent.Host.Fingerprint));

        Assert.Equal((SslProtocols.Tls13, SslApplicationProtocol.Http2), (tls.SslProtocol, tls.NegotiatedApplicationProtocol));
        using var stored = X509CertificateLoader.LoadCertificateFromFile(agent.Data.Certificate);
        Assert.Equal(stored.GetCertHashString(), tls.RemoteCertificate!.GetCertHashString());
    }

    [Fact]
    public async Task Handshake_Tls12_IsRefused()
    {
        await using var agent = await RunningAgent.StartAsync();
        await Assert.ThrowsAnyAsync<AuthenticationException>(() => HandshakeAsync(agent, SslProtocols.Tls12, (_, _, _, _) => true));
    }

    [Fact]
    public async Task Handshake_WrongFingerprint_IsRefusedByTheClient()
    {
        await using var agent = await RunningAgent.StartAsync();
        var wrong = string.Join(':', Enumerable.Repeat("00", 32));
        await Assert.ThrowsAnyAsync<AuthenticationException>(() => HandshakeAsync(agent, SslProtocols.Tls13, RunningAgent.Pin(wrong)));
    }

    [Fact]
    public async Task Handshake_SuppliedCertificate_IsSentWithItsChain()
    {
        TestAuthority? authority = null;
        await using var agent = await RunningAgent.StartAsync(folder =>
        {
            authority = TestAuthority.Create(folder.Path);
            return new(authority.ChainFile, authority.KeyFile);
        });

        // The client knows the root alone: without the intermediate from the server there is no way to it.
        var isTrusted = false;
        await using var tls = await HandshakeAsync(agent, SslProtocols.Tls13, (_, certificate, sent, _) =>
        {
            using var chain =
                new X509Chain { ChainPolicy =
                    { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
            chain.ChainPolicy.CustomTrustStore.Add(authority!.Root);
            chain.ChainPolicy.ExtraStore.AddRange(sent!.ChainPolicy.ExtraStore);
            return isTrusted = chain.Build((X509Certificate2)certificate!);
        });
        Assert.True(isTrusted);
    }

    private static async Task<SslStream> HandshakeAsync(
        RunningAgent agent, SslProtocols protocol, RemoteCertificateValidationCallback trust)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(agent.Host.Address.Host, agent.Host.Address.Port);
        var tls = new SslStream(tcp.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = protocol,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                RemoteCertificateValidationCallback = trust,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            }).WaitAsync(TimeSpan.FromSeconds(30));
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }
}
