using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Mcp.Agent.Rpc;

/// <summary>Whether calls are in progress on a connection. Kestrel's own limit does not close one that only sends pings.</summary>
internal sealed class ConnectionUse(ConnectionContext connection, TimeSpan idle, TimeProvider time)
{
    private readonly Lock _gate = new();
    private DateTimeOffset _usedAt = time.GetUtcNow();
    private int _calls;
    private bool _asked;

    /// <summary>The one of the connection that a request came on; null where connections are not limited, as in tests.</summary>
    public static ConnectionUse? Of(HttpContext http) =>
        http.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(typeof(ConnectionUse), out var use) == true
            ? use as ConnectionUse : null;

    /// <summary>Closes the connection when it has been idle, until the result is disposed.</summary>
    public ITimer Watch() => time.CreateTimer(_ => CloseIfIdle(), null, idle / 2, idle / 2);

    public async Task DuringAsync(Task call)
    {
        lock (_gate)
            _calls++;
        try
        {
            await call;
        }
        finally
        {
            lock (_gate)
            {
                _calls--;
                _usedAt = time.GetUtcNow();
            }
        }
    }

    private void CloseIfIdle()
    {
        bool isAgain;
        lock (_gate)
        {
            if (_calls > 0 || time.GetUtcNow() - _usedAt < idle)
                return;
            (isAgain, _asked) = (_asked, true);
        }
        // First with a GOAWAY, so that a client with a call on its way makes another connection for it.
        if (!isAgain && connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime)
            lifetime.RequestClose();
        else
            connection.Abort(new ConnectionAbortedException("the connection is idle"));
    }
}
