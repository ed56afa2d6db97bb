using System.Text.Json;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Testing.Agents;

namespace Mcp.Cli.Tests.Commands;

public sealed class PlanTests
{
    private static readonly OperationPlanned Changes = new(
        "", CliFixture.Now, OperationKind.Deploy, "hello",
        [new(0, "web", "create", "create hello-web", "image v1 -> v2", "podman run -d --name hello-web -e PORT=*** localhost/hello:v2")],
        ["it is odd"])
    {
        Components =
        [
            new("web", ComponentChange.Replace, "image v1 -> v2; env changed: PORT", DeployStrategy.StopFirst,
                "its routes keep their host ports, as no ingress holds the address",
                "podman run -d --name hello-web -e PORT=*** --label mcp.spec=1 localhost/hello:v2"),
            new("cache", ComponentChange.Unchanged, "unchanged: skipped"),
        ],
        Release = 4,
    };

    [Fact]
    public async Task Deploy_PlanWithChanges_ShowsWhatWhyAndHowAndExits4()
    {
        await using var cli = new CliFixture();
        var agent = await cli.AddNodeAsync("one", new() { Planned = Changes });
        cli.WriteService("hello");

        var result = await cli.RunAsync("deploy", "hello", "--plan");

        Assert.Equal(
            """
            Plan for hello on one, which makes release 4

            ~ web    replace: image v1 -> v2; env changed: PORT
                     stop-first: its routes keep their host ports, as no ingress holds the address
                     podman run -d --name hello-web -e PORT=*** localhost/hello:v2

              cache  unchanged: skipped

            1 to replace, 1 unchanged; nothing was changed yet

            """.ReplaceLineEndings("\n"),
            result.Out);
        Assert.Equal("warning: it is odd\nThe same command without --plan does it.\n", result.Error);
        Assert.Equal(4, result.ExitCode);
        Assert.Equal(["Plan hello"], agent.Script.Calls);
    }

    [Fact]
    public async Task Deploy_PlanOnANarrowTerminal_StaysWithinIt()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Planned = Changes });
        cli.WriteService("hello");

        var result = await cli.RunAsync(new CliFixture.Session { IsTerminal = true, Width = 60 }, ["deploy", "hello", "--plan"], default);

        Assert.All(result.Out.Split('\n'), line => Assert.InRange(line.Length, 0, 60));
        Assert.Contains(
            "         podman run -d --name hello-web -e PORT=*** \\\n           localhost/hello:v2\n", result.Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_PlanWithNothingToDo_Exits0()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync(
            "one", new() { Planned = Changes with { Steps = [], Warnings = [], Release = null, Components = [Changes.Components[1]] } });
        cli.WriteService("hello");

        Assert.Equal(
            new CliResult(0, "hello on one is up to date\n  cache  unchanged: skipped\n", ""),
            await cli.RunAsync("deploy", "hello", "--plan"));
    }

    [Fact]
    public async Task Deploy_PlanThatOnlyRecords_SaysSo()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync(
            "one",
            new() { Planned =
                Changes with { Steps = [new(0, "", "record", "record hello as deployed", "", "")], Warnings = [],
                    Components = [Changes.Components[1]] } });
        cli.WriteService("hello");

        var result = await cli.RunAsync("deploy", "hello", "--plan");

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("\n  record hello as deployed\n\n1 unchanged; nothing was changed yet\n", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_PlanJson_IsOneDocument()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Planned = Changes });
        cli.WriteService("hello");

        var result = await cli.RunAsync("deploy", "hello", "--plan", "--json");

        Assert.Equal((4, ""), (result.ExitCode, result.Error));
        var plan = JsonDocument.Parse(result.Out).RootElement;
        Assert.Equal(
            ["node", "file", "hasChanges", "images", "service", "steps", "warnings", "components", "release", "rollbackOf", "at"],
            plan.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            ("stop-first", true, 4),
            (plan.GetProperty("components")[0].GetProperty("strategy").GetString(), plan.GetProperty("hasChanges").GetBoolean(),
                plan.GetProperty("release").GetInt32()));
        Assert.Equal("it is odd", plan.GetProperty("warnings")[0].GetString());
    }

    [Fact]
    public async Task Deploy_PlanOfAWrongDefinition_Exits2AndOfADeadNode3()
    {
        await using var cli = new CliFixture();
        await cli.AddDeadNodeAsync("one");
        cli.WriteService("hello");
        cli.Folder.Write("bad.toml", "name = 7\n");
        Assert.Equal(2, (await cli.RunAsync("deploy", "-f", "bad.toml", "--plan")).ExitCode);
        Assert.Equal(3, (await cli.RunAsync("deploy", "hello", "--plan")).ExitCode);
    }

    [Fact]
    public async Task Deploy_ForceAndWait_ReachTheAgent()
    {
        await using var cli = new CliFixture();
        var agent = await cli.AddNodeAsync("one", new() { Updates = [Samples.End()] });
        cli.WriteService("hello");
        Assert.Equal(0, (await cli.RunAsync("deploy", "hello", "--force", "--wait")).ExitCode);
        Assert.Equal(0, (await cli.RunAsync("sync", "--force", "--wait")).ExitCode);
        Assert.Equal(0, (await cli.RunAsync("deploy", "hello")).ExitCode);
        Assert.Equal([(true, true), (true, true), (false, false)], agent.Script.Deploys.Select(d => (d.Force, d.Wait)));
    }
}
