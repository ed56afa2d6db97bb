using System.Globalization;

namespace Mcp.Agent.Ports;

/// <summary>The host's range for outgoing connections: a port from it may be taken by any of them between allocation and start.</summary>
internal static class EphemeralPorts
{
    private const string LinuxSetting = "/proc/sys/net/ipv4/ip_local_port_range";

    // RFC 6335's dynamic ports, the default of Windows and macOS.
    private static readonly PortRange Dynamic = new(49152, 65535);

    public static PortRange OfHost() => OfHost(LinuxSetting);

    internal static PortRange OfHost(string setting)
    {
        try
        {
            return File.Exists(setting) ? Parse(File.ReadAllText(setting)) ?? Dynamic : Dynamic;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Dynamic;
        }
    }

    private static PortRange? Parse(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words is [var first, var last]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            ? new(from, to)
            : null;
    }
}
