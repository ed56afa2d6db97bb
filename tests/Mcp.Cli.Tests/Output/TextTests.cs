using Mcp.Cli.Arguments;
using Mcp.Cli.Output;

namespace Mcp.Cli.Tests.Output;

public sealed class TextTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(89, "89s")]
    [InlineData(90, "1m")]
    [InlineData(5399, "89m")]
    [InlineData(5400, "1h")]
    [InlineData(86400, "24h")]
    [InlineData(259200, "3d")]
    [InlineData(63072000, "2y")]
    [InlineData(-60, "60s")]
    public void Span_Seconds_IsOneUnit(int seconds, string expected) =>
        Assert.Equal(expected, RelativeTime.Span(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.04, "0.0s")]
    [InlineData(3.21, "3.2s")]
    [InlineData(59, "59s")]
    [InlineData(185, "3m 05s")]
    public void Elapsed_Seconds_IsShort(double seconds, string expected) =>
        Assert.Equal(expected, RelativeTime.Elapsed(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1024, "1.00 KiB")]
    [InlineData(1536L << 20, "1.50 GiB")]
    [InlineData(120L << 30, "120 GiB")]
    public void ByteSize_Bytes_HasThreeDigits(long bytes, string expected) => Assert.Equal(expected, ByteSize.Text(bytes));

    [Theory]
    [InlineData("10m", "2026-03-01T11:50:00Z")]
    [InlineData("1h30m", "2026-03-01T10:30:00Z")]
    [InlineData("2d", "2026-02-27T12:00:00Z")]
    [InlineData("2026-01-31", "2026-01-31T00:00:00Z")]
    [InlineData("2026-01-31T08:00", "2026-01-31T08:00:00Z")]
    [InlineData("2026-01-31T08:00:00+02:00", "2026-01-31T06:00:00Z")]
    [InlineData("2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z")]
    public void Since_SpanOrMoment_IsThatTime(string text, string expected) =>
        Assert.Equal(
            DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), SinceOption.TryParse(text, new NoonUtc()));

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10x")]
    [InlineData("m")]
    [InlineData("99999999d")]
    [InlineData("yesterday")]
    [InlineData("2026-13-01")]
    [InlineData("08:00")]
    public void Since_Anything_IsNone(string text) => Assert.Null(SinceOption.TryParse(text, new NoonUtc()));

    private sealed class NoonUtc : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => CliFixture.Now;
    }
}
