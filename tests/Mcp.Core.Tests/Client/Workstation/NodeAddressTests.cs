using Mcp.Core.Client.Workstation;

namespace Mcp.Core.Tests.Client.Workstation;

public sealed class NodeAddressTests
{
    [Theory]
    [InlineData("https://web1:9443", "web1:9443")]
    [InlineData("https://web1", "web1:9443")]
    [InlineData("https://web1:443", "web1:443")]
    [InlineData("https://web1:7000/", "web1:7000")]
    [InlineData("web1", "web1:9443")]
    [InlineData(" web1:7000 ", "web1:7000")]
    [InlineData("10.0.0.7", "10.0.0.7:9443")]
    [InlineData("fd00::7", "[fd00::7]:9443")]
    [InlineData("[fd00::7]:7000", "[fd00::7]:7000")]
    public void TryParse_Address_FillsInWhatIsMissing(string text, string expected)
    {
        Assert.True(NodeAddress.TryParse(text, out var address, out _));
        Assert.Equal(expected, NodeAddress.Display(address));
        Assert.Equal("https", address.Scheme);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://web1:9443")]
    [InlineData("https://web1/path")]
    [InlineData("https://me@web1")]
    [InlineData("web1:port")]
    [InlineData("web1:99999")]
    [InlineData("ftp://web1")]
    [InlineData("two words")]
    public void TryParse_NoAddress_SaysWhatToWrite(string text)
    {
        Assert.False(NodeAddress.TryParse(text, out _, out var problem));
        Assert.Contains("write", problem.Value.Remedy, StringComparison.Ordinal);
    }
}
