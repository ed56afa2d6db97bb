namespace Mcp.Core.Tests;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("0s", 0)]
    [InlineData("30s", 30)]
    [InlineData(" 5m ", 300)]
    [InlineData("1.5h", 5400)]
    [InlineData("2d", 172800)]
    public void TryParse_Duration_IsUnderstood(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), DurationText.TryParse(text));

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("ms")]
    [InlineData("-5s")]
    [InlineData("5")]
    [InlineData("5w")]
    [InlineData("1.2.3s")]
    [InlineData("5s s")]
    [InlineData("99999999d")]
    public void TryParse_OtherText_IsNone(string text) => Assert.Null(DurationText.TryParse(text));

    [Theory]
    [InlineData("0s")]
    [InlineData("1ms")]
    [InlineData("1500ms")]
    [InlineData("30s")]
    [InlineData("90s")]
    [InlineData("5m")]
    [InlineData("36h")]
    [InlineData("2d")]
    public void Of_WhatWasParsed_IsTheSameText(string text) => Assert.Equal(text, DurationText.Of(DurationText.TryParse(text)!.Value));
}
