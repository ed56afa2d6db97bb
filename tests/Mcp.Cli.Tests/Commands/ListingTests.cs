using Mcp.Core.Collections;
using Mcp.Testing.Agents;

namespace Mcp.Cli.Tests.Commands;

public sealed class ListingTests
{
    [Fact]
    public async Task Ps_OneNode_IsATableWithoutItsName()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Services = [Samples.Hello] });

        var result = await cli.RunAsync("ps");

        Assert.Equal(("", 0), (result.Error, result.ExitCode));
        Assert.Equal(
            """
            SERVICE  COMPONENT  STATE       VERSION  SINCE  PORTS                       NOTE
            hello    web        running     v1          5m  http 8443→31022, 8080→80
            hello    worker     exited (1)  v2          2h                              should be running for 2h

            """.Replace("PORTS                       NOTE", "PORTS                     NOTE", StringComparison.Ordinal)
               .Replace("                              should", "                            should", StringComparison.Ordinal),
            Trimmed(result.Out));
    }

    [Theory]
    [InlineData("ps")]
    [InlineData("status")]
    public async Task Listing_EngineThatDoesNotAnswer_ShowsWhatIsKnownAndExits1(string command)
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Services = [Samples.Hello], EngineError = "the engine is down; start it" });

        var result = await cli.RunAsync(command);

        Assert.Equal(("error: node one: the engine is down; start it", 1), (result.Error.Trim(), result.ExitCode));
        Assert.Contains("hello", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ps_DeadNode_ShowsTheOthersAndExits3()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Services = [Samples.Hello] });
        await cli.AddDeadNodeAsync("dead");

        var result = await cli.RunAsync("ps");

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("hello", result.Out, StringComparison.Ordinal);
        Assert.Contains("NODE", result.Out, StringComparison.Ordinal);
        Assert.StartsWith("error: nothing listens at node dead", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ps_HungNode_RowsOfTheOthersComeBeforeIt()
    {
        await using var cli = new CliFixture();
        var answering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hello = Samples.Hello with { Components = [Samples.Web] };
        await cli.AddNodeAsync("hung", new() { Services = [hello], Answering = answering.Task.WaitAsync });
        await cli.AddNodeAsync("one", new() { Services = [hello] });
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var running = cli.RunAsync(new CliFixture.Session { Await = ("one", seen) }, ["ps"], default);
        await Task.WhenAny(seen.Task, running);
        Assert.True(seen.Task.IsCompleted);
        answering.SetResult();
        var result = await running;

        Assert.Equal(("", 0), (result.Error, result.ExitCode));
        Assert.Equal(["SERVICE", "one", "hung"], Trimmed(result.Out).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.StartsWith("SERVICE", StringComparison.Ordinal) ? "SERVICE" : line.Split(' ')[^1]));
    }

    [Fact]
    public async Task Ps_Json_IsOneDocumentWithEveryName()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Services = [Samples.Hello with { Components = [Samples.Web] }] });

        var result = await cli.RunAsync("ps", "--json");

        Assert.Equal(
            """
            [
              {
                "node": "one",
                "service": "hello",
                "component": "web",
                "container": "hello-web",
                "containerId": "abc123",
                "image": "localhost/hello:v1",
                "version": "v1",
                "digest": "",
                "desired": "running",
                "state": "running",
                "startedAt": "2026-03-01T11:55:00+00:00",
                "finishedAt": null,
                "exitCode": null,
                "restartCount": 1,
                "ports": [
                  "127.0.0.1:31022->31022/tcp",
                  "0.0.0.0:8080->80/tcp"
                ],
                "routes": [
                  {
                    "service": "hello",
                    "component": "web",
                    "name": "http",
                    "port": 8443,
                    "mode": "l7",
                    "hostname": "hello.example",
                    "hostPort": 31022
                  }
                ],
                "driftSince": null,
                "flapping": false,
                "message": ""
              }
            ]

            """,
            result.Out);
    }

    [Fact]
    public async Task Ps_NothingDeployed_SaysSoOnStandardErrorOnly()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one");
        Assert.Equal(new CliResult(0, "", "Nothing is deployed on one.\n"), await cli.RunAsync("ps"));
        Assert.Equal(new CliResult(0, "", ""), await cli.RunAsync("ps", "--quiet"));
        Assert.Equal(new CliResult(0, "[]\n", ""), await cli.RunAsync("ps", "--json"));
    }

    [Fact]
    public async Task Status_Service_HasAHeadAndItsComponents()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Services = [Samples.Hello, new() { Name = "other", Active = false }] });

        var result = await cli.RunAsync("status", "hello");

        Assert.StartsWith(
            "hello on one, deployed 3d ago by ada\n  COMPONENT  STATE       VERSION  SINCE  RESTARTS  PORTS", result.Out,
            StringComparison.Ordinal);
        Assert.DoesNotContain("other", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_DigestKnown_IsShownShortAndWholeInJson()
    {
        await using var cli = new CliFixture();
        var digest = "sha256:0123456789abcdef" + new string('0', 48);
        await cli.AddNodeAsync(
            "one",
            new() { Services =
                [Samples.Hello with { Components = Samples.Hello.Components.Select(c => c with { Digest = digest }).ToValueList() }] });

        Assert.Contains("v1       0123456789ab  ", (await cli.RunAsync("status", "hello")).Out, StringComparison.Ordinal);
        Assert.Contains($"\"digest\": \"{digest}\"", (await cli.RunAsync("status", "hello", "--json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_UnknownService_SuggestsAndExits2()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Services = [Samples.Hello] });
        var result = await cli.RunAsync("status", "helo");
        Assert.Equal(new CliResult(2, "", "error: service helo is not deployed on one\n  → did you mean 'hello'?\n"), result);
    }

    [Fact]
    public async Task Status_DefinedButNotDeployed_NamesTheCommand()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one");
        cli.WriteService("hello");
        Assert.Contains("deploy it with `mcp deploy hello`", (await cli.RunAsync("status", "hello")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RouteList_ShowsExternalAndHostPort()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Services = [Samples.Hello] });
        Assert.Equal(
            "SERVICE  COMPONENT  ROUTE  MODE  PORT  HOST PORT  HOSTNAME\nhello    web        http   l7    8443      31022  hello.example\n",
            Trimmed((await cli.RunAsync("route", "list")).Out));
    }

    [Fact]
    public async Task NodeStatus_Table_ShowsTheFullestDisk()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new()
        {
            Node = new()
            {
                Hostname = "host", Os = "Debian 12", Architecture = "x64", AgentVersion = "0.1.0", EngineName = "podman",
                    EngineVersion = "4.3.1",
                CpuCount = 4, CpuPercent = 12.4, MemoryTotal = 8L << 30, MemoryAvailable = 6L << 30, Uptime = TimeSpan.FromDays(12),
                Disks = [new("/var", "agent data", 100L << 30, 90L << 30), new("/srv", "engine storage", 50L << 30, 2L << 30)],
                ComponentsRunning = 3, ComponentsTotal = 4,
            },
        });

        Assert.Equal(
            """
            NODE  AGENT  ENGINE             CPU           MEMORY             DISK  RUNNING   UP  SYSTEM
            one   0.1.0  podman 4.3.1  12% of 4  25% of 8.00 GiB  96% of 50.0 GiB      3/4  12d  Debian 12 x64

            """,
            Trimmed((await cli.RunAsync("node", "status")).Out));
    }

    [Fact]
    public async Task NodeStatus_EngineDown_WarnsAndExits0()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Node = new() { Hostname = "host", EngineError = "no socket; start podman" } });
        var result = await cli.RunAsync("node", "status");
        Assert.Equal((0, "warning: the container engine of one: no socket; start podman\n"), (result.ExitCode, result.Error));
        Assert.Contains("down", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NodeList_AsksNobody_AndTellsNoToken()
    {
        await using var cli = new CliFixture();
        await cli.AddDeadNodeAsync("dead");
        var result = await cli.RunAsync("node", "list");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("dead  localhost:", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(TestAgent.Token, result.Out + (await cli.RunAsync("node", "list", "--json")).Out, StringComparison.Ordinal);
    }

    private static string Trimmed(string text) => string.Join('\n', text.Split('\n').Select(l => l.TrimEnd()));
}
