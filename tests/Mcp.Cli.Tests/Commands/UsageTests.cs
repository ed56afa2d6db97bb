namespace Mcp.Cli.Tests.Commands;

public sealed class UsageTests
{
    [Theory]
    [InlineData("deplyo", "unknown command 'deplyo'\n  → did you mean 'deploy'?")]
    [InlineData("ps --josn", "unknown option '--josn'\n  → did you mean '--json'?")]
    [InlineData("logs hello --folow=x", "unknown option '--folow'\n  → did you mean '--follow'?")]
    [InlineData("node lst", "unknown command 'lst'\n  → did you mean 'list'?")]
    [InlineData("ps extra", "unknown argument 'extra'\n  → see `mcp ps --help`")]
    [InlineData("restart", "Required argument 'service[/component]' missing")]
    [InlineData("node", "Required command was not provided")]
    [InlineData("restart a/b/c", "'a/b/c' is neither a service nor service/component")]
    [InlineData("logs hello -n many", "--tail 'many' is no count")]
    [InlineData("logs hello --since soon", "--since 'soon' is no time")]
    [InlineData("deploy", "nothing to deploy was named")]
    [InlineData("deploy hello --node a --node b", "this goes to one node")]
    [InlineData("ps", "there is no config file")]
    public async Task Run_BadUsage_SaysWhatIsRightAndExits2(string arguments, string expected)
    {
        await using var cli = new CliFixture();
        if (arguments.StartsWith("deploy", StringComparison.Ordinal))
            await cli.AddDeadNodeAsync("a");
        if (arguments.Contains("--node b", StringComparison.Ordinal))
            await cli.AddDeadNodeAsync("b");
        var result = await cli.RunAsync(arguments.Split(' '));
        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BrokenConfig_NamesEveryPlace()
    {
        await using var cli = new CliFixture();
        cli.Folder.Write("mcp.toml", "[[node]]\nname = 1\n");
        var result = await cli.RunAsync("ps");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"{cli.ConfigPath}:1:", result.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean 'nodes'?", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "  events <service> ")]
    [InlineData("--help", "  completion <shell> ")]
    [InlineData("completion --help", "\n  <shell>  ")]
    [InlineData("node --help", "  remove <name> ")]
    public async Task Help_ArgumentWithCompletions_IsShownByItsName(string arguments, string expected)
    {
        await using var cli = new CliFixture();
        await cli.AddDeadNodeAsync("alpha");
        cli.WriteService("hello");

        var help = await cli.RunAsync(arguments.Split(' '));

        Assert.Equal(0, help.ExitCode);
        Assert.Contains(expected, help.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("deploy --help")]
    [InlineData("--version")]
    [InlineData("[suggest:4] mcp ")]
    [InlineData("version")]
    [InlineData("ps")]
    [InlineData("ps --json")]
    [InlineData("events")]
    public async Task Run_ReaderHasLeft_EndsQuietly(string arguments)
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync(
            "one", new() { Services = [Samples.Hello], Events = [new(1, CliFixture.Now, "hello", "", "deployed", "", "", "", "ada")] });

        var result = await cli.RunAsync(new CliFixture.Session { ReaderLeft = true }, arguments.Split(' ', 2), default);

        Assert.Equal(new CliResult(141, "", ""), result);
    }

    [Fact]
    public async Task Suggest_Service_OffersTheFiles()
    {
        await using var cli = new CliFixture();
        cli.WriteService("hello");
        cli.WriteService("proxy");
        Assert.StartsWith("hello\n", (await cli.RunAsync("[suggest:12]", "mcp deploy h")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_GoodAndBad_SaysBothAndExits2()
    {
        await using var cli = new CliFixture();
        cli.WriteService("hello");
        cli.Folder.Write("bad.toml", "nam = 1\n");
        var result = await cli.RunAsync("definition", "check", "services/hello.toml", "bad.toml", "none.toml");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("services/hello.toml: ok, service hello with 1 component\n", result.Out);
        Assert.Contains("bad.toml:1:1: unknown key 'nam'", result.Error, StringComparison.Ordinal);
        Assert.Contains("none.toml: the definition does not exist", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await cli.RunAsync("definition", "check")).ExitCode);
    }

    [Fact]
    public async Task Check_KeysWithoutEffect_AreWarnings()
    {
        await using var cli = new CliFixture();
        cli.Folder.Write(
            "go.toml",
            "name = \"go\"\ntier = \"core\"\n[build]\nuses_mcdsl = true\n[[components]]\nname = \"go\"\nimage = " +
            "\"go:v1\"\n[[components.routes]]\nport = 443\npublic = true\n");
        var result = await cli.RunAsync("definition", "check", "go.toml");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("go.toml: ok, service go with 1 component, tier core, 1 public route\n", result.Out);
        Assert.Contains("go.toml:4:1: 'uses_mcdsl' in [build] has no effect", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Json_IsOneDocument()
    {
        await using var cli = new CliFixture();
        cli.WriteService("hello");
        Assert.Equal(
            """
            [
              {
                "file": "services/hello.toml",
                "service": "hello",
                "valid": true,
                "tier": null,
                "warnings": [],
                "problems": []
              }
            ]

            """,
            (await cli.RunAsync("definition", "check", "services/hello.toml", "--json")).Out);
    }
}
