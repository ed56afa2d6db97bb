using System.Security.Cryptography.X509Certificates;
using Mcp.Core.Client.Connections;
using Mcp.Core.Client.Workstation;

namespace Mcp.Core.Tests.Client.Connections;

public sealed class ServerTrustTests
{
    private static readonly NodeConfig Node = new() { Name = "one", Address = new Uri("https://one:7070") };

    [Fact]
    public void ChainPolicy_PinOrOwnCa_LeavesTheMachinesCertificatesAlone()
    {
        var pinned = Node with { Fingerprint = CertificateFingerprint.TryParse(string.Join(':', Enumerable.Repeat("AB", 32))) };

        foreach (var node in (NodeConfig[])[pinned, Node with { CaCertificatePath = "ca.pem" }])
        {
            var policy = new ServerTrust(node).ChainPolicy!;
            Assert.Equal(
                (X509ChainTrustMode.CustomRootTrust, X509RevocationMode.NoCheck, true),
                (policy.TrustMode, policy.RevocationMode, policy.DisableCertificateDownloads));
        }
    }

    [Fact]
    public void ChainPolicy_NothingOfTheNodesOwn_IsTheMachines() => Assert.Null(new ServerTrust(Node).ChainPolicy);
}
