using System.Net.Sockets;
using System.Text;

namespace Mcp.Agent.Hosting;

/// <summary>Tells systemd what the agent is at, by the protocol of sd_notify(3): one datagram to the socket named in NOTIFY_SOCKET.</summary>
internal sealed class SystemdNotify(string? socketPath)
{
    public static SystemdNotify FromEnvironment()
    {
        var path = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");

        // Programs that the agent starts, the engine among them, must not speak for it.
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", null);
        return new(string.IsNullOrEmpty(path) ? null : path);
    }

    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    public void Stopping() => Send("STOPPING=1\nSTATUS=stopping");

    private void Send(string message)
    {
        if (socketPath is null)
            return;
        try
        {
            // '@' stands for the zero byte of an abstract address.
            var address = new UnixDomainSocketEndPoint(socketPath[0] == '@' ? '\0' + socketPath[1..] : socketPath);
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(message), address);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // systemd ends a service that it doesn't hear from; the agent has nobody better to tell.
        }
    }
}
