using Mcp.Testing.Agents;

namespace Mcp.Cli.Tests.Commands;

public sealed class NodeEditTests
{
    [Fact]
    public async Task Add_WithFingerprintAndTokenOnStdin_WritesAndCanBeUsed()
    {
        await using var cli = new CliFixture();
        await using var agent = await TestAgent.StartAsync(script: new() { Services = [Samples.Hello] });

        var added = await cli.RunAsync(
            TestAgent.Token + "\n", ["node", "add", "one", agent.Address, "--token-stdin", "--fingerprint", agent.Fingerprint], default);

        Assert.Equal((0, ""), (added.ExitCode, added.Out));
        Assert.Contains("The agent 0.1.0 on host accepts the token.", added.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(TestAgent.Token, File.ReadAllText(cli.ConfigPath), StringComparison.Ordinal);
        Assert.Equal(0, (await cli.RunAsync("ps")).ExitCode);
        Assert.Equal(0, (await cli.RunAsync("node", "remove", "one")).ExitCode);
        Assert.Equal("", File.ReadAllText(cli.ConfigPath).Trim());
        Assert.Empty(Directory.GetFiles(Path.Combine(cli.Folder.Path, "tokens")));
    }

    [Fact]
    public async Task Add_NoPinAndNobodyToAsk_ShowsTheFingerprintAndWritesNothing()
    {
        await using var cli = new CliFixture();
        await using var agent = await TestAgent.StartAsync();
        var result = await cli.RunAsync(TestAgent.Token, ["node", "add", "one", agent.Address, "--token-stdin"], default);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(agent.Fingerprint, result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(cli.ConfigPath));
        Assert.Empty(agent.Script.Calls);
    }

    [Theory]
    [InlineData("yes\n", 0)]
    [InlineData("no\n", 1)]
    public async Task Add_NoPinOnATerminal_ShowsTheFingerprintAndAsks(string answer, int expected)
    {
        await using var cli = new CliFixture();
        await using var agent = await TestAgent.StartAsync();
        var token = cli.Folder.Write("token", TestAgent.Token + "\n");

        var result = await cli.RunAsync(
            new CliFixture.Session { Input = answer, CanAsk = true }, ["node", "add", "one", agent.Address, "--token-file", "token"],
            default);

        Assert.Equal(expected, result.ExitCode);
        Assert.Contains(agent.Fingerprint, result.Error, StringComparison.Ordinal);
        Assert.Equal(expected == 0, File.Exists(cli.ConfigPath));
        Assert.True(File.Exists(token));
    }

    [Fact]
    public async Task Add_AcceptFingerprint_PinsWhatIsShown()
    {
        await using var cli = new CliFixture();
        await using var agent = await TestAgent.StartAsync();
        Assert.Equal(
            0, (await cli.RunAsync(
                TestAgent.Token, ["node", "add", "one", agent.Address, "--token-stdin", "--accept-fingerprint"], default)).ExitCode);
        Assert.Contains(agent.Fingerprint, File.ReadAllText(cli.ConfigPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_WrongToken_WritesNothing()
    {
        await using var cli = new CliFixture();
        await using var agent = await TestAgent.StartAsync();
        var result = await cli.RunAsync(
            "wrong", ["node", "add", "one", agent.Address, "--token-stdin", "--fingerprint", agent.Fingerprint], default);
        Assert.Equal(1, result.ExitCode);
        Assert.False(File.Exists(cli.ConfigPath));
        Assert.False(Directory.Exists(Path.Combine(cli.Folder.Path, "tokens")));
    }

    [Fact]
    public async Task Add_NameTaken_Exits2()
    {
        await using var cli = new CliFixture();
        await cli.AddDeadNodeAsync("one");
        Assert.Equal(2, (await cli.RunAsync("t", ["node", "add", "one", "host", "--token-stdin"], default)).ExitCode);
    }

    [Fact]
    public async Task Remove_Unknown_Exits2()
    {
        await using var cli = new CliFixture();
        await cli.AddDeadNodeAsync("one");
        var result = await cli.RunAsync("node", "remove", "onne");
        Assert.Equal((2, true), (result.ExitCode, result.Error.Contains("did you mean 'one'?", StringComparison.Ordinal)));
    }
}
