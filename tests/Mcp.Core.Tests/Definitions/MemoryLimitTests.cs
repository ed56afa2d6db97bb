using Mcp.Core.Definitions;

namespace Mcp.Core.Tests.Definitions;

public sealed class MemoryLimitTests
{
    [Theory]
    [InlineData("6m", 6_291_456, "6m")]
    [InlineData("512M", 536_870_912, "512m")]
    [InlineData("1024m", 1_073_741_824, "1g")]
    [InlineData("1536m", 1_610_612_736, "1536m")]
    [InlineData("8192k", 8_388_608, "8m")]
    [InlineData("6291457", 6_291_457, "6291457b")]
    [InlineData("6291457b", 6_291_457, "6291457b")]
    [InlineData("4096g", 4_398_046_511_104, "4096g")]
    public void TryParse_Size_ReadsAndWrites(string text, long bytes, string canonical)
    {
        var limit = MemoryLimit.TryParse(text);

        Assert.Equal(bytes, limit!.Bytes);
        Assert.Equal(canonical, limit.ToString());
        Assert.Equal(limit, MemoryLimit.TryParse(canonical));
    }
}
