using System.Diagnostics;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Hardening;

/// <summary>A second agent on the same engine, as when one is tried out beside the real one.</summary>
[Trait("Group", "e2e")]
public sealed class TwoAgentsTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    [EngineFact]
    public async Task Agent_BesideAnother_TouchesNothingOfItUntilToldTo()
    {
        await File.WriteAllTextAsync(Path.Combine(node.ServicesDirectory, "pair.toml"), $"""
            name = "pair"
            [[components]]
            name = "web"
            image = "{NodeFixture.Image}"
            """);
        (await node.McpAsync("deploy", "pair")).Expect(0);
        var first = await IdAsync();
        var owner = (await File.ReadAllTextAsync(Path.Combine(node.AgentDirectory, "agent", "agent-id"))).Trim();

        using var folder = new TempFolder("mcp-second-");
        await using var second = await RunningAgent.StartAsync(folder.Path, node.Engine.SocketPath);
        Task<CliResult> SecondAsync(params string[] arguments) => node.McpAsync(Path.Combine(folder.Path, "mcp.toml"), arguments);

        var clock = Stopwatch.StartNew();
        var refused = (await SecondAsync("deploy", "pair")).Expect(1);
        var took = clock.Elapsed;
        Assert.Contains($"belongs to another agent, that of node node1 (agent id {owner})", refused.All, StringComparison.Ordinal);
        Assert.Contains("mcp deploy pair/web --take-over", refused.All, StringComparison.Ordinal);
        Assert.DoesNotContain("pair", (await SecondAsync("ps")).Expect(0).Out, StringComparison.Ordinal);
        AssertOwned(await SecondAsync("undeploy", "pair", "--yes"), 2);
        Assert.Equal(first, await IdAsync());

        var plan = (await SecondAsync("deploy", "pair", "--take-over", "--plan")).Expect(4);
        Assert.Contains("taken over", plan.All, StringComparison.Ordinal);
        (await SecondAsync("deploy", "pair", "--take-over")).Expect(0);
        Assert.NotEqual(first, await IdAsync());
        (await SecondAsync("deploy", "pair", "--plan")).Expect(0);

        // And now the first one keeps away.
        AssertOwned(await node.McpAsync("status", "pair"), 0);
        AssertOwned(await node.McpAsync("stop", "pair"), 1);
        (await node.McpAsync("undeploy", "pair", "--yes")).Expect(0);
        Assert.Contains("running", (await SecondAsync("status", "pair")).Expect(0).All, StringComparison.Ordinal);
        (await SecondAsync("undeploy", "pair", "--yes")).Expect(0);
        HardeningTable.Add(
            "13 ownership", "a second agent deploys, lists and undeploys the same service", null, null, took,
            "refused by name with the owner; taken over only with --take-over");
    }

    private static void AssertOwned(CliResult result, int exitCode) =>
        Assert.Contains("belongs to another agent", result.Expect(exitCode).All, StringComparison.Ordinal);

    private async Task<string> IdAsync() => (await node.Engine.Runtime.InspectAsync("pair-web", default))!.Id;
}
