using System.Globalization;

namespace Mcp.Core.Definitions;

/// <summary>An old-style fixed port: "host:container", "ip:host:container", each with an optional "/udp".</summary>
/// <param name="HostIp">null: every address. An IPv6 address stands in brackets in the text form.</param>
public sealed record PortMapping(string? HostIp, int HostPort, int ContainerPort, string Protocol = "tcp")
{
    /// <summary>Reads the text form; null when it isn't one (ports are 1-65535, protocol tcp, udp or sctp).</summary>
    public static PortMapping? TryParse(string text) => throw new NotImplementedException();

    public override string ToString()
    {
        var ip = HostIp is null ? "" : HostIp.Contains(':', StringComparison.Ordinal) ? $"[{HostIp}]:" : HostIp + ":";
        var protocol = Protocol == "tcp" ? "" : "/" + Protocol;
        return string.Create(CultureInfo.InvariantCulture, $"{ip}{HostPort}:{ContainerPort}{protocol}");
    }
}
