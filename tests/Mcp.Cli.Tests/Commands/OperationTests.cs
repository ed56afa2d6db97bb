using Mcp.Core.Operations;
using Mcp.Testing.Agents;

namespace Mcp.Cli.Tests.Commands;

public sealed class OperationTests
{
    private static readonly ScriptedAgent Succeeds = new()
    {
        Updates = [
            Samples.Plan, Samples.Step(0, StepState.Running), Samples.Step(0, StepState.Done),
            Samples.Step(1, StepState.Skipped, "unchanged"), Samples.End()],
    };

    [Fact]
    public async Task Deploy_Plain_IsALinePerFinishedStep()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", Succeeds);
        cli.WriteService("hello");

        var result = await cli.RunAsync("deploy", "hello");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith(
            "done        web pull localhost/hello:v1 (image v0 -> v1) 1.5s\nskipped     web create hello-web: unchanged\nDeployed hello " +
            "to one (3.0s)\n  COMPONENT  STATE",
            result.Out, StringComparison.Ordinal);
        Assert.Contains("warning: the image has no fixed version", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_EmptyPlan_SaysThatItIsUpToDate()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Updates = [Samples.Plan with { Steps = [], Warnings = [] }, Samples.End()] });
        cli.WriteService("hello");
        Assert.StartsWith("hello on one is up to date (3.0s)\n", (await cli.RunAsync("deploy", "hello")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_InterruptedBeforeThePlan_SaysThatItMayHaveBegun()
    {
        await using var cli = new CliFixture();
        var agent = await cli.AddNodeAsync("one", new() { Silent = true });
        using var interrupt = new CancellationTokenSource();
        var running = cli.RunAsync("", ["restart", "hello/web"], interrupt.Token);
        await agent.Script.Entered.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await interrupt.CancelAsync();
        Assert.Equal(
            new CliResult(
                130, "", "error: stopped before one answered; the operation may have begun\n  → see the state with `mcp status hello`\n"),
                    await running);
    }

    [Fact]
    public async Task Deploy_Json_IsALinePerUpdate()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync(
            "one",
            new() { Updates =
                [Samples.Plan with { Warnings = [] }, Samples.Step(0, StepState.Done), Samples.End() with { Components = [] }] });
        cli.WriteService("hello");

        var result = await cli.RunAsync("deploy", "hello", "--json", "--quiet");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            """
            {"type":"planned","node":"one","kind":"deploy","service":"hello","steps":[{"index":0,"component":"web","action":"pull","description":"pull localhost/hello:v1","reason":"image v0 -> v1","runLine":"","after":[]},{"index":1,"component":"web","action":"create","description":"create hello-web","reason":"","runLine":"podman run --name hello-web localhost/hello:v1","after":[]}],"warnings":[],"components":[],"release":null,"rollbackOf":null,"operationId":"op1","at":"2026-03-01T12:00:00+00:00"}
            {"type":"step","node":"one","index":0,"state":"done","message":"","elapsed":1.5,"operationId":"op1","at":"2026-03-01T12:00:00+00:00"}
            {"type":"ended","node":"one","outcome":"succeeded","message":"","remedy":"","errorId":"","components":[],"elapsed":3,"operationId":"op1","at":"2026-03-01T12:00:00+00:00"}

            """,
            result.Out);
    }

    [Fact]
    public async Task Deploy_RolledBack_SaysWhatRunsNowAndExits1()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new()
        {
            Updates = [
                Samples.Plan, Samples.Step(0, StepState.Failed, "no such image"),
                Samples.End(OperationOutcome.RolledBack, "localhost/hello:v1 was not found.", "build it first", "image-not-found")],
        });
        cli.WriteService("hello");

        var result = await cli.RunAsync("deploy", "hello", "-q");

        Assert.Equal(
            new CliResult(
                1, "",
                "warning: the image has no fixed version\nerror: localhost/hello:v1 was not found; the previous version was restored\n  " +
                "→ build it first\n"), result);
    }

    [Fact]
    public async Task Sync_RolledBackWithALogTail_AppendsNothingToItsLastLine()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new()
        {
            Updates = [
                Samples.Plan,
                Samples.End(OperationOutcome.RolledBack, "web exited; its last lines:\n    last line.", "fix it", "unhealthy")],
        });
        cli.WriteService("hello");

        var text = await cli.RunAsync("sync", "-q");
        var json = await cli.RunAsync("sync", "-q", "--json");

        Assert.Equal((1, 1), (text.ExitCode, json.ExitCode));
        Assert.Contains("\n    last line\n", text.Error, StringComparison.Ordinal);
        Assert.Contains("""{"type":"result","service":"hello","node":"one","outcome":"rolled-back","error":{"id":"unhealthy","message":"web exited""", json.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_WrongDefinition_NamesEveryMistakeAndExits2WithoutACall()
    {
        await using var cli = new CliFixture();
        var agent = await cli.AddNodeAsync("one");
        cli.Folder.Write("bad.toml", "name = \"hello\"\nnod = \"x\"\n[[components]]\nname = \"web\"\n");

        var result = await cli.RunAsync("deploy", "-f", "bad.toml");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("bad.toml:2:1: unknown key 'nod'", result.Error, StringComparison.Ordinal);
        Assert.Contains("bad.toml:3:", result.Error, StringComparison.Ordinal);
        Assert.Contains("error: bad.toml has 2 mistakes", result.Error, StringComparison.Ordinal);
        Assert.Empty(agent.Script.Calls);
    }

    [Fact]
    public async Task Deploy_Interrupted_SaysThatItContinuesAndExits130()
    {
        await using var cli = new CliFixture();
        var agent = await cli.AddNodeAsync("one", new() { Updates = [Samples.Plan] });
        cli.WriteService("hello");
        using var interrupt = new CancellationTokenSource();

        // The plan's warning shows that the client knows of the operation.
        var planned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = cli.RunAsync(new CliFixture.Session { Await = ("no fixed version", planned) }, ["deploy", "hello"], interrupt.Token);
        await planned.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await interrupt.CancelAsync();
        var result = await running;

        Assert.Equal(130, result.ExitCode);
        Assert.EndsWith(
            "error: stopped watching; the operation continues on one\n  → see how it ends with `mcp watch op1 --node one` or `mcp status " +
            "hello`\n", result.Error, StringComparison.Ordinal);
        await agent.Script.Left.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Restart_Component_AsksForIt()
    {
        await using var cli = new CliFixture();
        var agent = await cli.AddNodeAsync("one", new() { Updates = [Samples.End()] });
        Assert.Equal(0, (await cli.RunAsync("restart", "hello/web")).ExitCode);
        Assert.Equal(0, (await cli.RunAsync("stop", "hello")).ExitCode);
        Assert.Equal(0, (await cli.RunAsync("start", "hello")).ExitCode);
        Assert.Equal(0, (await cli.RunAsync("watch", "op1")).ExitCode);
        Assert.Equal(["Restart hello/web", "Stop hello", "Start hello", "Watch op1"], agent.Script.Calls);
    }

    [Fact]
    public async Task Undeploy_NobodyToAsk_IsRefusedWithoutACall()
    {
        await using var cli = new CliFixture();
        var agent = await cli.AddNodeAsync("one", new() { Updates = [Samples.End()] });
        var result = await cli.RunAsync("undeploy", "hello");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--yes", result.Error, StringComparison.Ordinal);
        Assert.Empty(agent.Script.Calls);

        Assert.Equal(0, (await cli.RunAsync("undeploy", "hello", "--yes")).ExitCode);
    }

    [Theory]
    [InlineData("y\n", 0)]
    [InlineData("n\n", 1)]
    [InlineData("\n", 1)]
    [InlineData("", 1)]
    public async Task Undeploy_OnATerminal_Asks(string answer, int expected)
    {
        await using var cli = new CliFixture();
        var agent = await cli.AddNodeAsync("one", new() { Updates = [Samples.End()] });
        var result = await cli.RunAsync(new CliFixture.Session { Input = answer, CanAsk = true }, ["undeploy", "hello/web"], default);
        Assert.Equal(expected, result.ExitCode);
        Assert.StartsWith("Undeploy hello/web from one?", result.Error, StringComparison.Ordinal);
        Assert.Equal(expected == 0 ? 1 : 0, agent.Script.Calls.Count);
    }

    [Fact]
    public async Task Stop_WrongToken_Exits1WithTheRemedy()
    {
        await using var cli = new CliFixture();
        await using var agent = await TestAgent.StartAsync();
        cli.AddNode("one", agent.Address, agent.Fingerprint, "other");
        var result = await cli.RunAsync("stop", "hello");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("does not accept the token", result.Error, StringComparison.Ordinal);
        Assert.Contains("→ make a new one", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WrongFingerprint_Exits3()
    {
        await using var cli = new CliFixture();
        await using var agent = await TestAgent.StartAsync();
        cli.AddNode("one", agent.Address, new string('A', 64), TestAgent.Token);
        Assert.Equal(3, (await cli.RunAsync("stop", "hello")).ExitCode);
    }
}
