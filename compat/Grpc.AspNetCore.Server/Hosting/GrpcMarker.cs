namespace Grpc.AspNetCore.Server.Hosting;

/// <summary>Shows that AddGrpc was called, and remembers what is mapped once only.</summary>
internal sealed class GrpcMarker
{
    private int unknownServicesMapped;

    public bool FirstToMapUnknownServices() => Interlocked.Exchange(ref unknownServicesMapped, 1) == 0;
}
