namespace Mcp.Core.Tests.Definitions;

public sealed class HealthRulesTests
{
    private const string TwoRoutes = "routes = [{ name = \"site\", port = 443 }, { name = \"admin\", port = 444 }]";
    private const string OneRoute = "routes = [{ port = 443 }]";

    [Theory]
    [InlineData(OneRoute, "http = \"/\"")]
    [InlineData(TwoRoutes, "http = \"/healthz\"\nroute = \"site\"\nstatus = 204\nhost = \"a.example:8443\"")]
    [InlineData(TwoRoutes, "tcp = true")]
    [InlineData("ports = [\"8080:80\"]", "http = \"/\"")]
    [InlineData("ports = [\"8080:80\", \"8081:81\"]", "tcp = true\nport = 81")]
    [InlineData("network = \"host\"", "http = \"/\"\nport = 81")]
    [InlineData("", "exec = [\"check\"]")]
    [InlineData("", "image = true")]
    [InlineData("", "stay_up = \"500ms\"")]
    public void Read_GoodHealth_IsTaken(string component, string health) => Assert.Empty(Problems(component, health));

    [Theory]
    [InlineData(
        OneRoute, "http = \"healthz\"",
        "x.toml:7:8: component 'a': health: http = \"healthz\" is not a path; write the path of a page, beginning with '/': http = " +
        "\"/healthz\"")]
    [InlineData(OneRoute, "http = \"/\"\ntcp = true", "x.toml:8:7: component 'a': health has http and tcp; keep one of them")]
    [InlineData(
        TwoRoutes, "http = \"/\"",
        "x.toml:7:8: component 'a': health: http does not say which route to ask; add route = \"site\" or another one's name")]
    [InlineData(
        TwoRoutes, "http = \"/\"\nroute = \"sit\"",
        "x.toml:8:9: component 'a': health: the component has no route 'sit'; did you mean 'site'?")]
    [InlineData(
        "", "tcp = true",
        "x.toml:7:7: component 'a': health: there is no route and no port to ask; add [[components.routes]] or ports, or use exec = " +
        "[\"program\", \"argument\"]")]
    [InlineData(
        OneRoute, "tcp = true\nport = 81",
        "x.toml:8:8: component 'a': health: container port 81 is not published; add it to ports (\"127.0.0.1:HOST:81\"), or name a route")]
    [InlineData(
        OneRoute, "route = \"\"",
        "x.toml:7:9: component 'a': health has route without http or tcp; add http = \"/path\" or tcp = true, or remove route")]
    [InlineData("", "status = 200", "x.toml:7:10: component 'a': health has status without http; add http = \"/path\", or remove status")]
    [InlineData(
        "", "exec = [\"\"]",
        "x.toml:7:8: component 'a': health: exec is not a command; write program and arguments: exec = [\"pg_isready\", \"-q\"]")]
    [InlineData("", "interval = \"1ms\"", "x.toml:7:12: component 'a': health: interval = \"1ms\" is out of range; write 50ms to 10m")]
    [InlineData(
        "", "timeout = \"fast\"",
        "x.toml:7:11: timeout = \"fast\" is not a duration; write a number with ms, s, m, h or d behind it: \"500ms\", \"30s\", \"5m\", " +
        "\"12h\", \"30d\"")]
    [InlineData("", "status = [200]", "x.toml:7:10: status is an array, not an integer; write a number from 100 to 599")]
    [InlineData(
        "", "status = \"200\"", "x.toml:7:10: status is a string, not an integer; write a number from 100 to 599, without quotation marks")]
    [InlineData(
        "", "interval = 5",
        "x.toml:7:12: interval is an integer, not a string; write a number with ms, s, m, h or d behind it: \"500ms\", \"30s\", \"5m\", " +
        "\"12h\", \"30d\"")]
    [InlineData("", "tcp = 1", "x.toml:7:7: tcp is an integer, not a boolean; write tcp = true or tcp = false")]
    [InlineData("", "retries = 0", "x.toml:7:11: retries = 0 is out of range; write a number from 1 to 1000")]
    [InlineData("", "path = \"/\"", "x.toml:7:1: unknown key 'path' in [components.health]; http holds the path: http = \"/healthz\"")]
    public void Read_Mistake_IsLocatedAndHasARemedy(string component, string health, string expected) =>
        Assert.Equal([expected], Problems(component, health));

    /// <summary>The first line of health is the text's seventh.</summary>
    private static IEnumerable<string> Problems(string component, string health) =>
        DefinitionCases.Problems(
            $"name = \"a\"\n[[components]]\nname = \"a\"\nimage = \"a\"\n{component}\n[components.health]\n{health}\n");
}
