namespace Grpc.Compat.Tests.Probe;

/// <summary>A running server of probe.proto, ours or another's.</summary>
public interface IProbePeer : IAsyncLifetime
{
    /// <summary>Takes messages of any size.</summary>
    Uri Address { get; }

    /// <summary>Takes messages of up to 4 MiB.</summary>
    Uri LimitedAddress { get; }
}
