using System.Net;
using System.Net.Sockets;

namespace Mcp.Agent.Ports;

/// <summary>Whether no process of this host listens there now.</summary>
/// <param name="hostIp">null: every address, IPv4 and IPv6.</param>
internal delegate bool PortProbe(string? hostIp, int port, string protocol);

/// <summary>Asks the host by binding for a moment.</summary>
internal static class HostPortProbe
{
    public static bool IsFree(string? hostIp, int port, string protocol)
    {
        if (protocol is not ("tcp" or "udp"))
            return true;
        if (hostIp is not null)
            return !IPAddress.TryParse(hostIp, out var address) || CanBind(address, port, protocol);
        return CanBind(IPAddress.Loopback, port, protocol) && CanBind(IPAddress.Any, port, protocol)
            && CanBind(IPAddress.IPv6Any, port, protocol);
    }

    private static bool CanBind(IPAddress address, int port, string protocol)
    {
        try
        {
            using var socket = protocol == "udp"
                ? new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
                : new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            // Only what the address says: a dual-mode socket would ask about IPv4 a second time.
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => false,
                // Windows says so of ports that it keeps for itself; elsewhere it is a privileged port, which the engine may well be
                // allowed to open.
                SocketError.AccessDenied => !OperatingSystem.IsWindows(),
                // No such address or no IPv6 here: no process can listen there, and the engine's error says so.
                _ => true,
            };
        }
    }
}
