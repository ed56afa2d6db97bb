using System.Text.Json;
using Mcp.Core.Operations;
using Mcp.Core.Status;
using Mcp.Testing.Agents;

namespace Mcp.Cli.Tests.Commands;

public sealed class ReleaseTests
{
    private static readonly Release First = new()
    {
        Service = "hello", Number = 1, OperationId = "op1", Actor = "ada", StartedAt = CliFixture.Now.AddDays(-3),
            EndedAt = CliFixture.Now.AddDays(-3).AddSeconds(4.2),
        Outcome = ReleaseOutcome.Succeeded, Images = [new("web", "localhost/hello:v1", "sha256:6bdcd8744e5a0000000000000000")],
        Definition = new() { Name = "hello" },
    };

    private static readonly Release Bad = First with
    {
        Number = 2, Outcome = ReleaseOutcome.RolledBack, Component = "web", Message = "web did not become healthy",
            StartedAt = CliFixture.Now.AddHours(-2), EndedAt = CliFixture.Now.AddHours(-2).AddSeconds(75),
    };

    private static readonly Release Back = First with
    {
        Number = 3, Kind = OperationKind.Rollback, RollbackOf = 1, Actor = "bob", StartedAt = CliFixture.Now.AddMinutes(-5),
            EndedAt = CliFixture.Now.AddMinutes(-5).AddSeconds(1), Current = true,
    };

    private static readonly OperationWaiting Waiting =
        new(CliFixture.Now, "ada", OperationKind.Deploy, "op7", CliFixture.Now.AddMinutes(-2));

    [Fact]
    public async Task History_IsATableNewestFirst()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Releases = [Back, Bad, First] });

        Assert.Equal(
            """
            RELEASE           OUTCOME        WHEN    TIME  BY   WHAT           IMAGES                 MESSAGE
                  3  current  succeeded    5m ago    1.0s  bob  rollback to 1  hello:v1 6bdcd8744e5a
                  2           rolled-back  2h ago  1m 15s  ada  deploy of web  hello:v1 6bdcd8744e5a  web did not become healthy
                  1           succeeded    3d ago    4.2s  ada  deploy         hello:v1 6bdcd8744e5a

            """.ReplaceLineEndings("\n"),
            string.Join('\n', (await cli.RunAsync("history", "hello")).Out.Split('\n').Select(l => l.TrimEnd())));
        var newest = JsonDocument.Parse((await cli.RunAsync("history", "hello", "-n", "1", "--json")).Out).RootElement;
        Assert.Equal(
            ("one", 3, 1),
            (newest[0].GetProperty("node").GetString(), newest[0].GetProperty("number").GetInt32(), newest.GetArrayLength()));
    }

    [Fact]
    public async Task History_UnknownService_SuggestsAndExits2()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Releases = [First] });
        cli.WriteService("proxy");
        var result = await cli.RunAsync("history", "prxy");
        Assert.Equal(new CliResult(2, "", "error: service prxy has no release on one\n  → did you mean 'proxy'?\n"), result);
        Assert.Contains("mcp deploy proxy", (await cli.RunAsync("history", "proxy")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_OneNodeDead_ShowsTheOthersAndExits3()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Releases = [First] });
        await cli.AddDeadNodeAsync("two");
        var result = await cli.RunAsync("history", "hello");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("NODE", result.Out, StringComparison.Ordinal);
        Assert.Contains("two", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollback_SaysToWhichRelease()
    {
        await using var cli = new CliFixture();
        var plan = Samples.Plan with { Kind = OperationKind.Rollback, Warnings = [], RollbackOf = 1, Release = 4 };
        var agent = await cli.AddNodeAsync("one", new() { Updates = [plan, Samples.Step(0, StepState.Done), Samples.End()] });

        var result = await cli.RunAsync("rollback", "hello");
        Assert.Equal((0, "Rolling back hello on one to release 1\n"), (result.ExitCode, result.Error));
        Assert.Contains("Rolled back hello on one to release 1 as release 4 (3.0s)\n", result.Out, StringComparison.Ordinal);

        await cli.RunAsync("rollback", "hello", "--to", "1", "--force", "--wait");
        Assert.Equal(["Rollback hello to 0", "Rollback hello to 1 force"], agent.Script.Calls);
        Assert.Equal(["Rollback hello to 1 force"], agent.Script.Waits);
        Assert.Contains("'one' is no release", (await cli.RunAsync("rollback", "hello", "--to", "one")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_MergesTheNodesByTime()
    {
        await using var cli = new CliFixture();
        AuditEntry Entry(string actor, int minutes, string outcome, string message = "") =>
            new(1, CliFixture.Now.AddMinutes(-minutes), actor, "operator", "ipv4:10.0.0.7", "deploy", "hello", "web", "op1", outcome,
                message);
        await cli.AddNodeAsync("one", new() { Audit = [Entry("ada", 9, "succeeded"), Entry("ada", 1, "failed", "no image")] });
        await cli.AddNodeAsync("two", new() { Audit = [Entry("bob", 5, "denied")] });

        var result = await cli.RunAsync("audit");

        Assert.Equal(0, result.ExitCode);
        var lines = result.Out.Split('\n');
        Assert.Equal("AT                   NODE  WHO  ROLE      FROM      ACTION  SERVICE    OUTCOME    OPERATION  MESSAGE", lines[0]);
        Assert.Equal(["ada", "bob", "ada"], lines[1..4].Select(l => l[27..30]));
        Assert.Contains("failed     op1        no image", lines[3], StringComparison.Ordinal);
        var json = JsonDocument.Parse((await cli.RunAsync("audit", "hello", "--json")).Out).RootElement;
        Assert.Equal(3, json.GetArrayLength());
        Assert.Equal(
            ["node", "id", "at", "actor", "role", "from", "action", "service", "component", "operationId", "outcome", "message"],
            json[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("ipv4:10.0.0.7", json[0].GetProperty("from").GetString());
    }

    [Theory]
    [InlineData("start")]
    [InlineData("stop")]
    [InlineData("restart")]
    [InlineData("undeploy")]
    [InlineData("rollback")]
    [InlineData("deploy")]
    public async Task Wait_SaysWhoHasTheServiceWithWhatSinceWhen(string command)
    {
        await using var cli = new CliFixture();
        var agent = await cli.AddNodeAsync("one", new() { Updates = [Waiting, Samples.Plan, Samples.End()] });
        cli.WriteService("hello");

        var result = await cli.RunAsync([command, "hello", "--wait", .. command == "undeploy" ? (string[])["--yes"] : []]);

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("waiting     locked by ada since 11:58:00 (deploy, operation op7)\n", result.Out, StringComparison.Ordinal);
        Assert.Single(agent.Script.Waits);
    }

    [Fact]
    public async Task Wait_Json_IsALineOfItsOwn()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Updates = [Waiting, Samples.Plan, Samples.End()] });
        var first = JsonDocument.Parse((await cli.RunAsync("stop", "hello", "--wait", "--json")).Out.Split('\n')[0]).RootElement;
        Assert.Equal(
            ("waiting", "ada", "op7"),
            (first.GetProperty("type").GetString(), first.GetProperty("actor").GetString(), first.GetProperty("holder").GetString()));
    }

    [Fact]
    public async Task Wait_Interrupted_SaysThatNothingWasBegun()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Updates = [Waiting] });
        using var interrupt = new CancellationTokenSource();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running =
            cli.RunAsync(new CliFixture.Session { Await = ("operation op7", told) }, ["stop", "hello", "--wait"], interrupt.Token);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await interrupt.CancelAsync();
        var result = await running;
        Assert.Equal(130, result.ExitCode);
        Assert.Equal(
            "error: stopped waiting for the deploy by ada; nothing was begun on one\n  → see how that operation ends with `mcp watch op7 " +
            "--node one`\n", result.Error);
    }
}
