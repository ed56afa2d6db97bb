using System.Diagnostics;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Hardening;

/// <summary>podman is stopped with a signal: it keeps its socket, and answers nothing.</summary>
[Trait("Group", "e2e")]
public sealed class HungEngineTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    private const string Said = "the agent answers, but its container engine does not, since";

    [EngineFact]
    public async Task Engine_ThatHangs_IsReportedWithin5SecondsAndUsedAgainWhenItAnswers()
    {
        await File.WriteAllTextAsync(Path.Combine(node.ServicesDirectory, "calm.toml"), $"""
            name = "calm"
            [[components]]
            name = "web"
            image = "{NodeFixture.Image}"
            """);
        (await node.McpAsync("deploy", "calm")).Expect(0);
        var slowest = TimeSpan.Zero;
        await node.Engine.PauseServiceAsync();
        try
        {
            // The first ones all at once, before anything knows that it hangs.
            string[][] commands =
            [
                ["logs", "calm"], ["logs", "calm", "-f"], ["ps"], ["status", "calm"], ["deploy", "calm", "--plan"], ["restart", "calm"],
            ];
            foreach (var (result, took) in await Task.WhenAll(commands.Select(TimedAsync)))
            {
                Assert.Contains(Said, result.Expect(1).All, StringComparison.Ordinal);
                slowest = took > slowest ? took : slowest;
            }
            Assert.Contains(Said, (await node.McpAsync("node", "status")).All, StringComparison.Ordinal);
            // A load of other tests can make a process slow to start; what the agent promises are five seconds.
            Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        }
        finally
        {
            await node.Engine.ContinueServiceAsync();
        }
        await Mcp.Testing.Eventually.TrueAsync(
            async () => (await node.McpAsync("status", "calm")).ExitCode == 0, TimeSpan.FromSeconds(30),
            () => "the engine is not used again");
        (await node.McpAsync("restart", "calm")).Expect(0);
        (await node.McpAsync("undeploy", "calm", "--yes")).Expect(0);
        HardeningTable.Add(
            "6 hung engine", "podman stopped by a signal; logs, ps, status, plan, restart at once", null, null, slowest,
            "each said that the agent answers and the engine does not, with exit code 1; all works again afterwards");
    }

    private async Task<(CliResult Result, TimeSpan Took)> TimedAsync(string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        return (await node.McpAsync(arguments), clock.Elapsed);
    }
}
