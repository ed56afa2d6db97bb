using Mcp.Core.Images.Distribution;

namespace Mcp.Core.Tests.Images.Distribution;

public sealed class AuthChallengeTests
{
    [Fact]
    public void Parse_QuotedCommaInScope_StaysOneValue()
    {
        var challenge = Assert.Single(
            AuthChallenge.Parse(["Bearer realm=\"https://auth.example/token\", service=\"reg\" ,scope=\"repository:a/b:pull,push\""]));

        Assert.True(challenge.IsBearer);
        Assert.Equal("https://auth.example/token", challenge["realm"]);
        Assert.Equal("reg", challenge["SERVICE"]);
        Assert.Equal("repository:a/b:pull,push", challenge["scope"]);
    }

    [Fact]
    public void Parse_TwoChallengesInOneHeader_GivesBoth()
    {
        var challenges = AuthChallenge.Parse(["Basic realm=\"a \\\"quoted\\\" name\", Bearer realm=https://x/t"]);

        Assert.Equal(["Basic", "Bearer"], challenges.Select(c => c.Scheme));
        Assert.Equal("a \"quoted\" name", challenges[0]["realm"]);
        Assert.Equal("https://x/t", challenges[1]["realm"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ,,, ")]
    [InlineData("\"\"\"")]
    [InlineData("=x")]
    public void Parse_Garbage_GivesNone(string header) => Assert.Empty(AuthChallenge.Parse([header]));

    [Theory]
    [InlineData("Bearer realm=\"never closed")]
    [InlineData("Bearer realm=\"ends in escape\\")]
    [InlineData("Bearer realm=")]
    public void Parse_Unfinished_EndsWithoutFailing(string header) => Assert.Single(AuthChallenge.Parse([header]));
}
