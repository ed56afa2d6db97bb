namespace Mcp.Core.Tests.Definitions;

public sealed class DeployRulesTests
{
    [Theory]
    [InlineData("strategy = \"start-first\"\ndrain = \"5s\"\nstop_timeout = \"30s\"")]
    [InlineData("strategy = \"stop-first\"")]
    [InlineData("strategy = \"auto\"\nkind = \"server\"")]
    [InlineData("kind = \"task\"\ntimeout = \"10m\"\nrestart = \"no\"")]
    [InlineData("depends_on = [\"beta\", \"gamma\"]")]
    public void Read_GoodSettings_AreTaken(string settings) => Assert.Empty(Problems(settings));

    [Theory]
    [InlineData("strategy = \"startfirst\"", "x.toml:5:12: strategy is 'startfirst'; did you mean 'start-first'?")]
    [InlineData(
        "kind = \"job\"", "x.toml:5:8: kind is 'job'; write \"task\" for what runs to its end (a migration, say), or leave the line out")]
    [InlineData(
        "drain = \"long\"",
        "x.toml:5:9: drain = \"long\" is not a duration; write a number with ms, s, m, h or d behind it: \"500ms\", \"30s\", \"5m\", " +
        "\"12h\", \"30d\"")]
    [InlineData("stop_timeout = \"2d\"", "x.toml:5:16: component 'a': a stop_timeout of 2d would delay every deploy; write at most \"1h\"")]
    [InlineData(
        "timeout = \"5m\"",
        "x.toml:5:11: component 'a' has a timeout, which only a task has; remove it; [components.health] has the times of a health check")]
    [InlineData(
        "depends_on = [\"bata\"]", "x.toml:5:15: component 'a' depends on 'bata', which the service does not have; did you mean 'beta'?")]
    [InlineData("depends_on = [\"beta\", \"beta\"]", "x.toml:5:23: component 'a' names 'beta' twice in depends_on; remove one")]
    [InlineData(
        "depends_on = [\"a\"]", "x.toml:5:15: component 'a' would wait for itself: a -> a; remove one of these from its depends_on")]
    [InlineData(
        "kind = \"task\"\nrestart = \"always\"",
        "x.toml:6:11: component 'a' is a task, and has restart = \"always\"; it runs once for every change; remove restart, or kind = " +
        "\"task\"")]
    [InlineData(
        "kind = \"task\"\nports = [\"80:80\"]", "x.toml:6:9: component 'a' is a task, and has ports; remove ports, or kind = \"task\"")]
    [InlineData(
        "kind = \"task\"\nstrategy = \"start-first\"",
        "x.toml:6:12: component 'a' is a task, and has a strategy; it is not replaced while it runs; remove strategy, or kind = \"task\"")]
    public void Read_Mistake_IsLocatedAndHasARemedy(string settings, string expected) => Assert.Equal([expected], Problems(settings));

    [Fact]
    public void Read_ComponentsThatWaitForEachOther_AreEachToldTheWay()
    {
        var problems = DefinitionCases.Problems(
            """
            name = "a"
            [[components]]
            name = "a"
            image = "a"
            depends_on = ["b"]
            [[components]]
            name = "b"
            image = "b"
            depends_on = ["a"]
            """);

        Assert.Equal(
            [
                "x.toml:5:15: component 'a' would wait for itself: a -> b -> a; remove one of these from its depends_on",
                "x.toml:9:15: component 'b' would wait for itself: b -> a -> b; remove one of these from its depends_on",
            ],
            problems);
    }

    /// <summary>The settings begin in the text's fifth line.</summary>
    private static IEnumerable<string> Problems(string settings) => DefinitionCases.Problems(
        $"name = \"a\"\n[[components]]\nname = \"a\"\nimage = \"a\"\n{settings}\n[[components]]\nname = \"beta\"\nimage = " +
        $"\"b\"\n[[components]]\nname = \"gamma\"\nimage = \"c\"\n");
}
