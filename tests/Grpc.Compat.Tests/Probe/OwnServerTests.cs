namespace Grpc.Compat.Tests.Probe;

/// <summary>Our server, without TLS.</summary>
public sealed class OwnServerTests(OwnServerTests.PlainPeer peer) : ServerContract, IClassFixture<OwnServerTests.PlainPeer>
{
    private protected override IProbePeer Peer => peer;

    public sealed class PlainPeer() : OwnPeer(tls: false);
}

/// <summary>Our server, with TLS.</summary>
public sealed class OwnTlsServerTests(OwnTlsServerTests.TlsPeer peer) : ServerContract, IClassFixture<OwnTlsServerTests.TlsPeer>
{
    private protected override IProbePeer Peer => peer;

    public sealed class TlsPeer() : OwnPeer(tls: true);
}

public abstract class OwnPeer(bool tls) : IProbePeer
{
    private ProbeHost? unlimited;
    private ProbeHost? limited;

    public Uri Address => unlimited!.Address;

    public Uri LimitedAddress => limited!.Address;

    public async Task InitializeAsync()
    {
        unlimited = await ProbeHost.StartAsync(tls, configure: options => options.MaxReceiveMessageSize = null);
        limited = await ProbeHost.StartAsync(tls);
    }

    public async Task DisposeAsync()
    {
        await unlimited!.DisposeAsync();
        await limited!.DisposeAsync();
    }
}
