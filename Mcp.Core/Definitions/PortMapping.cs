using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mcp.Core.Definitions;

/// <summary>An old-style fixed port: "host:container", "ip:host:container", each with an optional "/udp".</summary>
/// <param name="HostIp">null: every address. An IPv6 address stands in brackets in the text form.</param>
public sealed record PortMapping(string? HostIp, int HostPort, int ContainerPort, string Protocol = "tcp")
{
    /// <summary>Reads the text form; null when it isn't one (ports are 1-65535, protocol tcp, udp or sctp).</summary>
    public static PortMapping? TryParse(string text) => TryParse(text, out _);

    /// <summary>Reads the text form; null when it isn't one, and <paramref name="fault"/> says why.</summary>
    public static PortMapping? TryParse(string text, out string fault)
    {
        fault = "";
        var slash = text.LastIndexOf('/');
        var protocol = slash < 0 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        if (protocol is not ("tcp" or "udp" or "sctp"))
        {
            fault = "what follows '/' is not tcp, udp or sctp";
            return null;
        }

        var ports = slash < 0 ? text : text[..slash];
        var containerColon = ports.LastIndexOf(':');
        var hostColon = containerColon <= 0 ? -1 : ports.LastIndexOf(':', containerColon - 1);
        if (containerColon < 0)
        {
            fault = "it has no ':' between host and container port";
            return null;
        }

        var (hostText, containerText) = (ports[(hostColon + 1)..containerColon], ports[(containerColon + 1)..]);
        if (Port(hostText, "host", ref fault) is not { } host || Port(containerText, "container", ref fault) is not { } container)
            return null;
        if (hostColon < 0)
            return new(null, host, container, protocol);

        var ip = Address(ports[..hostColon]);
        if (ip is null)
            fault = $"'{ports[..hostColon]}' {AddressFault(ports[..hostColon])}";
        return ip is null ? null : new(ip, host, container, protocol);
    }

    /// <summary>True when both can't be open on one host: same port and protocol, and addresses that meet. Without an address a port is
    /// open on all of them; 0.0.0.0 stands for all of IPv4 and [::] for all of IPv6, which engines open together.</summary>
    public bool Overlaps(PortMapping other) =>
        HostPort == other.HostPort && Protocol == other.Protocol
        && (HostIp is null || other.HostIp is null || HostIp == other.HostIp
            || (IsIPv6(HostIp) == IsIPv6(other.HostIp) && (IsEveryAddress(HostIp) || IsEveryAddress(other.HostIp))));

    public override string ToString()
    {
        var ip = HostIp is null ? "" : HostIp.Contains(':', StringComparison.Ordinal) ? $"[{HostIp}]:" : HostIp + ":";
        var protocol = Protocol == "tcp" ? "" : "/" + Protocol;
        return string.Create(CultureInfo.InvariantCulture, $"{ip}{HostPort}:{ContainerPort}{protocol}");
    }

    private static bool IsEveryAddress(string ip) => ip is "0.0.0.0" or "::";

    private static bool IsIPv6(string ip) => ip.Contains(':', StringComparison.Ordinal);

    private static int? Port(string text, string which, ref string fault)
    {
        if (text.Length is > 0 and <= 5 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is >= 1 and <= 65535)
            return port;
        fault = text.Length == 0 ? $"the {which} port is missing"
            : text.Contains('-', StringComparison.Ordinal) ? $"'{text}' is a range; write one entry per port"
            : $"{which} port '{text}' is not a number from 1 to 65535";
        return null;
    }

    private static string AddressFault(string text) =>
        text.Contains('%', StringComparison.Ordinal) ? "has a zone, which engines do not take"
        : "is not an IP address" + (IsIPv6(text) && text[0] != '[' ? " (write IPv6 addresses in brackets)" : "");

    private static string? Address(string text)
    {
        if (text.Contains('%', StringComparison.Ordinal))
            return null;
        var bracketed = text.Length > 2 && text[0] == '[' && text[^1] == ']';
        if (!IPAddress.TryParse(bracketed ? text[1..^1] : text, out var address))
            return null;
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? bracketed ? address.ToString() : null
            // .NET also takes "1" and "1.2" for addresses; which is never meant.
            : !bracketed && address.ToString() == text ? text : null;
    }
}
