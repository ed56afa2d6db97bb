namespace Mcp.Core.Tests;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("imge", "image")]
    [InlineData("Image", "image")]
    [InlineData("iamge", "image")]
    [InlineData("volume", "volumes")]
    [InlineData("environment", "env")]
    [InlineData("nod", "node")]
    [InlineData("unless-stoped", "unless-stopped")]
    public void Of_NearName_FindsIt(string typed, string expected) =>
        Assert.Equal(expected, NearestName.Of(typed, ["name", "node", "image", "volumes", "env", "unless-stopped", "ports"]));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("healthcheck")]
    public void Of_NothingNear_IsNull(string typed) => Assert.Null(NearestName.Of(typed, ["image", "y", ""]));

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("abc", "acb", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_TwoTexts_CountsEdits(string a, string b, int expected)
    {
        Assert.Equal(expected, NearestName.Distance(a, b));
        Assert.Equal(expected, NearestName.Distance(b, a));
    }

    [Fact]
    public void Remedy_NothingNear_ListsWhatThereIs() =>
        Assert.Equal("known services: web, db", NearestName.Remedy("payments", ["web", "db"], "known services"));
}
