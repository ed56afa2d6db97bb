using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Mcp.Agent.Hosting;

/// <summary>Kestrel's sockets, of which those beyond the limits are closed before the next is accepted. Kestrel's own limit lets a crowd
/// that comes at once take every descriptor of the process first.</summary>
internal sealed class LimitedListenerFactory(SocketTransportFactory sockets, ConnectionLimits limits) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken) =>
        new LimitedListener(await sockets.BindAsync(endpoint, cancellationToken), limits);
}

internal sealed class LimitedListener(IConnectionListener sockets, ConnectionLimits limits) : IConnectionListener
{
    public EndPoint EndPoint => sockets.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken)
    {
        while (await sockets.AcceptAsync(cancellationToken) is { } connection)
        {
            if (limits.Admit(connection))
                return connection;
            connection.Abort(new ConnectionAbortedException("too many connections"));
            await connection.DisposeAsync();
        }
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken) => sockets.UnbindAsync(cancellationToken);

    public ValueTask DisposeAsync() => sockets.DisposeAsync();
}
