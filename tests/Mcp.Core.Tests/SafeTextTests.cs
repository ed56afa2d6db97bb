namespace Mcp.Core.Tests;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain, ünïcode, 漢字, 🙂, a\ttab", "plain, ünïcode, 漢字, 🙂, a\ttab")]
    [InlineData("\u001b]0;owned\u0007", @"\u001b]0;owned\u0007")]
    [InlineData("a\r\nb\u007f\u009b31m", @"a\u000d\u000ab\u007f\u009b31m")]
    [InlineData("left\u202eright\u2066\u200f\u061c", @"left\u202eright\u2066\u200f\u061c")]
    [InlineData("line\u2028break\u2029", @"line\u2028break\u2029")]
    public void Of_WhatATerminalWouldAct_IsWrittenOut(string text, string safe) => Assert.Equal(safe, SafeText.Of(text));

    [Fact]
    public void Of_HalvesOfSurrogatePairs_AreWrittenOut() =>
        Assert.Equal(@"half \ud83d and \ude42", SafeText.Of("half \ud83d and \ude42"));

    [Fact]
    public void Of_WithLines_KeepsLineFeedsAndNothingElse() =>
        Assert.Equal("one\ntwo\\u000d\nthree", SafeText.Of("one\ntwo\r\nthree", lines: true));

    [Theory]
    [InlineData("first\r\nsecond", "first")]
    [InlineData("0123456789", "0123456789")]
    [InlineData("01234567890", "0123456789...")]
    [InlineData("\u001b\u001b", @"\u001b\u00...")]
    public void Line_LongOrOfManyLines_IsTheFirstOneCut(string text, string line) => Assert.Equal(line, SafeText.Line(text, 10));
}
