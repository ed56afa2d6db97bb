using Mcp.Core.Definitions;

namespace Mcp.Core.Tests.Definitions;

public sealed class PortMappingTests
{
    [Theory]
    [InlineData("80:8080", null, 80, 8080, "tcp", "80:8080")]
    [InlineData("127.0.0.1:80:8080", "127.0.0.1", 80, 8080, "tcp", "127.0.0.1:80:8080")]
    [InlineData("[::1]:80:8080", "::1", 80, 8080, "tcp", "[::1]:80:8080")]
    [InlineData("[0:0:0:0:0:0:0:1]:80:8080", "::1", 80, 8080, "tcp", "[::1]:80:8080")]
    [InlineData("53:53/udp", null, 53, 53, "udp", "53:53/udp")]
    [InlineData("53:53/UDP", null, 53, 53, "udp", "53:53/udp")]
    [InlineData("80:80/tcp", null, 80, 80, "tcp", "80:80")]
    [InlineData("10.0.0.1:1:65535/sctp", "10.0.0.1", 1, 65535, "sctp", "10.0.0.1:1:65535/sctp")]
    public void TryParse_Mapping_ReadsAndWrites(string text, string? ip, int host, int container, string protocol, string canonical)
    {
        var port = PortMapping.TryParse(text);

        Assert.Equal(new PortMapping(ip, host, container, protocol), port);
        Assert.Equal(canonical, port!.ToString());
        Assert.Equal(port, PortMapping.TryParse(canonical));
    }

    [Theory]
    [InlineData("", "no ':'")]
    [InlineData("8080", "no ':'")]
    [InlineData(":8080", "host port is missing")]
    [InlineData("8080:", "container port is missing")]
    [InlineData("0:80", "host port '0'")]
    [InlineData("80:65536", "container port '65536'")]
    [InlineData("80:999999999999", "container port")]
    [InlineData("-1:80", "range")]
    [InlineData("+80:80", "host port '+80'")]
    [InlineData(" 80:80", "host port ' 80'")]
    [InlineData("8000-8010:8000-8010", "range")]
    [InlineData("80:80/http", "tcp, udp or sctp")]
    [InlineData("localhost:80:80", "not an IP address")]
    [InlineData("1.2:80:80", "not an IP address")]
    [InlineData("::1:80:80", "brackets")]
    [InlineData("[127.0.0.1]:80:80", "not an IP address")]
    [InlineData("[]:80:80", "not an IP address")]
    [InlineData("[fe80::1%eth0]:80:80", "'[fe80::1%eth0]' has a zone")]
    [InlineData("[fe80::1%3]:80:80", "has a zone")]
    public void TryParse_SomethingElse_SaysWhy(string text, string fault)
    {
        Assert.Null(PortMapping.TryParse(text, out var why));
        Assert.Contains(fault, why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("80:1", "80:2", true)]
    [InlineData("80:1", "81:1", false)]
    [InlineData("80:1", "80:1/udp", false)]
    [InlineData("127.0.0.1:80:1", "80:1", true)]
    [InlineData("127.0.0.1:80:1", "0.0.0.0:80:1", true)]
    [InlineData("127.0.0.1:80:1", "10.0.0.1:80:1", false)]
    [InlineData("0.0.0.0:80:1", "[::]:80:1", false)]
    [InlineData("127.0.0.1:80:1", "[::]:80:1", false)]
    [InlineData("[::1]:80:1", "[::]:80:1", true)]
    [InlineData("[::1]:80:1", "0.0.0.0:80:1", false)]
    [InlineData("[::]:80:1", "80:1", true)]
    public void Overlaps_TwoMappings_ComparesAddressPortAndProtocol(string a, string b, bool expected)
    {
        Assert.Equal(expected, PortMapping.TryParse(a)!.Overlaps(PortMapping.TryParse(b)!));
        Assert.Equal(expected, PortMapping.TryParse(b)!.Overlaps(PortMapping.TryParse(a)!));
    }
}
