using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Mcp.Testing;

/// <summary>Host ports for tests that must name one.</summary>
public static class FreePort
{
    /// <summary>Nothing listens on it: systems hand out higher ones only, and its service (tcpmux) is in no use.</summary>
    public const int Closed = 1;

    // Above the ports that Linux gives to outgoing connections and those that an agent gives to services, so that neither takes one
    // between here and its use.
    private const int First = 61000;
    private const int Last = 65500;

    private static readonly ConcurrentDictionary<int, bool> Taken = new();

    public static int Take()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last + 1);
            if (Taken.TryAdd(port, true) && IsFree(port))
                return port;
        }
    }

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
