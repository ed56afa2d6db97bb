using Grpc.Core;
using Grpc.Net.Common.Wire;

namespace Grpc.Compat.Tests.Coding;

public sealed class CodingTests
{
    [Theory]
    [InlineData("plain words ~", "plain words ~")]
    [InlineData("100 %", "100 %25")]
    [InlineData("ü\n", "%C3%BC%0A")]
    [InlineData("😀", "%F0%9F%98%80")]
    [InlineData("", "")]
    public void PercentEncoding_Text_ComesBack(string text, string encoded)
    {
        Assert.Equal(encoded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData(0, "1n")]
    [InlineData(-5, "1n")]
    [InlineData(1, "1m")] // less than a millisecond is rounded up, never to none
    [InlineData(TimeSpan.TicksPerMillisecond * 1500, "1500m")]
    [InlineData(TimeSpan.TicksPerDay * 2, "172800S")]
    [InlineData(TimeSpan.TicksPerDay * 3650, "5256000M")]
    public void TimeoutCoding_Encode_TakesTheFinestUnitWithRoom(long ticks, string expected)
    {
        var encoded = TimeoutCoding.Encode(TimeSpan.FromTicks(ticks));

        Assert.True(TimeoutCoding.TryDecode(encoded, out var decoded));
        Assert.True(decoded >= TimeSpan.FromTicks(Math.Max(0, ticks)) || ticks <= 0);
        if (expected.EndsWith('m') || expected.EndsWith('n'))
            Assert.Equal(expected, encoded);
        Assert.True(encoded.Length <= 9);
    }

    [Theory]
    [InlineData("1H", TimeSpan.TicksPerHour)]
    [InlineData("2M", 2 * TimeSpan.TicksPerMinute)]
    [InlineData("3S", 3 * TimeSpan.TicksPerSecond)]
    [InlineData("4m", 4 * TimeSpan.TicksPerMillisecond)]
    [InlineData("5u", 50)]
    [InlineData("600n", 6)]
    [InlineData("99999999H", 99_999_999 * TimeSpan.TicksPerHour)]
    public void TimeoutCoding_Decode_KnowsAllUnits(string text, long ticks)
    {
        Assert.True(TimeoutCoding.TryDecode(text, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("+1S")]
    [InlineData(" 1S")]
    [InlineData("1.5S")]
    [InlineData("1s")]
    [InlineData("123456789m")]
    public void TimeoutCoding_Malformed_IsRefused(string? text) => Assert.False(TimeoutCoding.TryDecode(text, out _));

    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("Application/GRPC+proto", true)]
    [InlineData("application/grpc; x=y", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/json", false)]
    [InlineData(null, false)]
    public void ContentType_OfGrpc_IsRecognised(string? contentType, bool expected) =>
        Assert.Equal(expected, GrpcHeaderNames.IsGrpcContentType(contentType));

    [Theory]
    [InlineData("grpc-status")]
    [InlineData("Content-Type")]
    [InlineData(":path")]
    [InlineData("te")]
    public void Metadata_HeaderOfTheProtocol_IsNotTheApplications(string name)
    {
        var metadata = new Metadata();

        MetadataCoding.Decode(metadata, name, "x");

        Assert.Empty(metadata);
    }

    [Fact]
    public void Metadata_Keys_AreLowerCasedAndChecked()
    {
        var metadata = new Metadata { { "X-Key", "1" }, { "x-key", "2" } };

        Assert.Equal("2", metadata.GetValue("X-KEY"));
        Assert.Equal(["1", "2"], metadata.GetAll("x-key").Select(entry => entry.Value));
        Assert.Throws<ArgumentException>(() => metadata.Add("white space", "x"));
        Assert.Throws<ArgumentException>(() => metadata.Add("text-bin", "x"));
        Assert.Throws<ArgumentException>(() => metadata.Add("bytes", [1]));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("x", "y"));
    }
}
