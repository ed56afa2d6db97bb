using Mcp.Agent.Ports;
using Mcp.Testing;

namespace Mcp.Agent.Tests.Ports;

public sealed class PortRangeTests
{
    [Theory]
    [InlineData(5, 6, 0, 4, 7, 8)]
    [InlineData(1, 3, 0, 4, 5, 6, 7, 8)]
    [InlineData(7, 20, 0, 4, 5, 6)]
    [InlineData(1, 20, 0)]
    [InlineData(9, 20, 0, 4, 5, 6, 7, 8)]
    [InlineData(1, 0, 0, 4, 5, 6, 7, 8)]
    public void Candidates_RangeOf4To8_LeavesTheEphemeralOut(int first, int last, int _, params int[] expected)
    {
        var candidates = new PortCandidates(new(4, 8), [new(first, last)]);

        Assert.Equal(expected, Enumerable.Range(0, candidates.Count).Select(i => candidates[i]));
    }

    [Fact]
    public void Candidates_OverlappingExclusions_AreLeftOutOnce()
    {
        var candidates = new PortCandidates(new(1, 10), [new(7, 8), new(2, 5), new(4, 4), new(20, 30)]);

        Assert.Equal([1, 6, 9, 10], Enumerable.Range(0, candidates.Count).Select(i => candidates[i]));
    }

    [Theory]
    [InlineData("32768\t60999\n", 32768, 60999)]
    [InlineData("nonsense", 49152, 65535)]
    [InlineData(null, 49152, 65535)]
    public void OfHost_Setting_IsReadOrAssumed(string? text, int first, int last)
    {
        using var folder = new TempFolder();
        var file = text is null ? Path.Combine(folder.Path, "absent") : folder.Write("setting", text);

        Assert.Equal(new PortRange(first, last), EphemeralPorts.OfHost(file));
    }
}
