using Mcp.Core.Status;

namespace Mcp.Cli.Tests.Commands;

public sealed class StreamTests
{
    private static readonly LogEntry[] Lines =
    [
        new("hello", "web", CliFixture.Now, false, "listening"),
        new("hello", "worker", CliFixture.Now.AddSeconds(1), true, "[red]not markup[/] ä"),
    ];

    private static readonly EventEntry Exited =
        new(7, CliFixture.Now, "hello", "web", "state", "running", "exited", "running -> exited (exit code 1)", "");

    private static readonly EventEntry Deployed = new(8, CliFixture.Now.AddSeconds(-9), "hello", "", "deployed", "", "", "", "ada");

    [Fact]
    public async Task Logs_WholeService_NamesTheComponents()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Lines = [.. Lines] });
        Assert.Equal("web | listening\nworker | [red]not markup[/] ä\n", (await cli.RunAsync("logs", "hello")).Out);
    }

    [Fact]
    public async Task Logs_OneComponent_IsTheTextAlone()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Lines = [Lines[0]] });
        Assert.Equal("listening\n", (await cli.RunAsync("logs", "hello/web", "-n", "1", "--since", "10m")).Out);
        Assert.Equal("2026-03-01T12:00:00.000+00:00 listening\n", (await cli.RunAsync("logs", "hello/web", "-t")).Out);
    }

    [Fact]
    public async Task Logs_WithEscapeSequences_WritesThemOut_UnlessRaw()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Lines = [Lines[0] with { Text = "\u001b]0;owned\u0007" }] });
        Assert.Equal("\\u001b]0;owned\\u0007\n", (await cli.RunAsync("logs", "hello/web")).Out);
        Assert.Equal("\u001b]0;owned\u0007\n", (await cli.RunAsync("logs", "hello/web", "--raw")).Out);
    }

    [Fact]
    public async Task Logs_Json_IsALinePerEntry()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Lines = [Lines[1]] });
        Assert.Equal(
            """{"node":"one","service":"hello","component":"worker","at":"2026-03-01T12:00:01+00:00","isError":true,"text":"[red]not markup[/] ä"}""" + "\n",
            (await cli.RunAsync("logs", "hello", "--json")).Out);
    }

    [Fact]
    public async Task Events_OfSeveralNodes_AreInOrderOfTime()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Events = [Exited] });
        await cli.AddNodeAsync("two", new() { Events = [Deployed] });
        Assert.Equal(
            "2026-03-01 11:59:51  two  hello  deployed  (by ada)\n2026-03-01 12:00:00  one  hello/web  state running → exited  (exit " +
            "code 1)\n",
            (await cli.RunAsync("events")).Out);
    }

    [Fact]
    public async Task Events_Json_IsALinePerEvent()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Events = [Exited] });
        Assert.Equal(
            """{"node":"one","id":7,"at":"2026-03-01T12:00:00+00:00","service":"hello","component":"web","kind":"state","from":"running","to":"exited","message":"running -> exited (exit code 1)","actor":""}""" + "\n",
            (await cli.RunAsync("events", "hello", "--json")).Out);
    }
}
