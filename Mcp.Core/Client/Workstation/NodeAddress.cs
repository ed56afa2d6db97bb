using System.Diagnostics.CodeAnalysis;

namespace Mcp.Core.Client.Workstation;

/// <summary>An agent's address: "https://host:9443", "host:9443" or just "host".</summary>
public static class NodeAddress
{
    public const int DefaultPort = 9443;

    /// <param name="problem">What is wrong with it and what to write instead; null when it is an address.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? address,
        [NotNullWhen(false)] out (string Message, string Remedy)? problem)
    {
        address = null;
        problem = null;
        var written = text.Trim();
        if (written.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            problem = ($"'{text}' is not encrypted, and agents speak TLS only", $"write https://{written["http://".Length..]}");
            return false;
        }

        var hasScheme = written.Contains("://", StringComparison.Ordinal);
        var full = hasScheme ? written : "https://" + Bracketed(written);
        if (!Uri.TryCreate(full, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || uri.Host.Length == 0
            || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0 || written.Length == 0)
        {
            problem = ($"'{text}' is not an agent's address", $"write https://host:{DefaultPort}, host:port or just the host");
            return false;
        }

        // Port 443 counts only when it was written: the scheme's own default is not the agent's.
        address = PortWritten(full) ? uri : new UriBuilder(uri) { Port = DefaultPort }.Uri;
        return true;
    }

    /// <summary>The short form that people read: host:port.</summary>
    public static string Display(Uri address) =>
        $"{(address.HostNameType == UriHostNameType.IPv6 ? $"[{address.IdnHost}]" : address.IdnHost)}:{address.Port}";

    private static string Bracketed(string host) =>
        System.Net.IPAddress.TryParse(host, out var ip) && ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            && !host.StartsWith('[')
            ? $"[{host}]" : host;

    private static bool PortWritten(string full)
    {
        var authority = full["https://".Length..].TrimEnd('/');
        return authority.LastIndexOf(':') > authority.LastIndexOf(']');
    }
}
