using Mcp.Agent.Node;

namespace Mcp.Agent.Tests.Node;

public sealed class ProcFilesTests
{
    // Captured from a Debian 12 machine with two processors, shortened.
    private const string Stat = """
        cpu  119862 2040 51346 2387461 3461 0 1042 317 0 0
        cpu0 60131 1010 25900 1193211 1777 0 811 160 0 0
        cpu1 59731 1030 25446 1194250 1684 0 231 157 0 0
        intr 33180911 0 9 0
        ctxt 60921142
        btime 1795330291
        """;

    private const string Memory = """
        MemTotal:       24677760 kB
        MemFree:        11238036 kB
        MemAvailable:   21931312 kB
        Buffers:          412340 kB
        """;

    [Fact]
    public void ParseCpu_Stat_CountsIdleAndIowaitAsNotBusy()
    {
        const long total = 119862 + 2040 + 51346 + 2387461 + 3461 + 0 + 1042 + 317;
        Assert.Equal(new CpuTimes(total - 2387461 - 3461, total), ProcFiles.ParseCpu(Stat));
    }

    [Fact]
    public void ParseCpu_GuestTime_IsNotCountedTwice() =>
        Assert.Equal(new CpuTimes(100, 200), ProcFiles.ParseCpu("cpu  100 0 0 100 0 0 0 0 50 50\n"));

    [Fact]
    public void ParseCpu_OldKernelWithFourFields_IsRead() => Assert.Equal(new CpuTimes(6, 10), ProcFiles.ParseCpu("cpu 1 2 3 4"));

    [Theory]
    [InlineData("")]
    [InlineData("cpu0 1 2 3 4")]
    [InlineData("cpu  1 2 x 4")]
    [InlineData("cpu  1 2")]
    public void ParseCpu_OtherText_IsNothing(string text) => Assert.Null(ProcFiles.ParseCpu(text));

    [Theory]
    [InlineData(100, 200, 150, 300, 50)]
    [InlineData(100, 200, 100, 300, 0)]
    [InlineData(100, 200, 200, 300, 100)]
    [InlineData(100, 200, 90, 300, 0)] // Counters of a virtual machine may step back.
    public void PercentSince_TwoReadings_IsTheShareBetweenThem(long busy, long total, long laterBusy, long laterTotal, double percent) =>
        Assert.Equal(percent, new CpuTimes(laterBusy, laterTotal).PercentSince(new(busy, total)));

    [Fact]
    public void PercentSince_NoTimeBetween_IsNothing() => Assert.Null(new CpuTimes(1, 2).PercentSince(new(1, 2)));

    [Fact]
    public void ParseMemory_Meminfo_IsInBytes() =>
        Assert.Equal(new MemoryFigures(24677760L * 1024, 21931312L * 1024), ProcFiles.ParseMemory(Memory));

    [Fact]
    public void ParseMemory_KernelWithoutAvailable_TakesFree() =>
        Assert.Equal(new MemoryFigures(2048, 1024), ProcFiles.ParseMemory("MemTotal: 2 kB\nMemFree: 1 kB\n"));

    [Fact]
    public void ParseMemory_OtherText_IsNothing() => Assert.Null(ProcFiles.ParseMemory("MemTotal: many kB"));

    [Fact]
    public void ParseLoad_Loadavg_IsThreeAverages() => Assert.Equal([1.52, 0.98, 0.4], ProcFiles.ParseLoad("1.52 0.98 0.40 2/713 28311\n"));

    [Fact]
    public void ParseLoad_OtherText_IsEmpty() => Assert.Empty(ProcFiles.ParseLoad("1.52 a"));

    [Fact]
    public void ParseUptime_Uptime_IsTheFirstNumber() =>
        Assert.Equal(TimeSpan.FromSeconds(12790.65), ProcFiles.ParseUptime("12790.65 23874.61\n"));

    [Fact]
    public void ParseOsName_OsRelease_IsThePrettyName() =>
        Assert.Equal(
            "Debian GNU/Linux 12 (bookworm)",
            ProcFiles.ParseOsName("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\n"));
}
