using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd;

/// <summary>`mcp cancel` while a real deploy waits for its new container.</summary>
[Trait("Group", "e2e")]
public sealed class CancelTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    [EngineFact]
    public async Task Cancel_WhileADeployWaits_RestoresThePreviousVersion()
    {
        node.Define("slow", Definition("30ms"));
        (await node.McpAsync("deploy", "slow")).Expect(0);
        var before = (await node.Engine.Runtime.InspectAsync("slow-web", default))!.Id;
        var nothing = (await node.McpAsync("cancel", "slow")).Expect(2);
        Assert.Contains("no operation runs on service slow", nothing.Error, StringComparison.Ordinal);

        node.Define("slow", Definition("10m"));
        var deploy = node.McpAsync("deploy", "slow");
        await Eventually.TrueAsync(
            async () => (await node.Engine.Runtime.ListRunningAsync(new Dictionary<string, string> { ["mcp.service"] = "slow" }, default))
                .Count == 2,
            TimeSpan.FromSeconds(60), () => "the new container does not start");

        var cancelled = (await node.McpAsync("cancel", "slow")).Expect(0);
        Assert.Contains("slow: cancelled by dev; it is as before", cancelled.Out, StringComparison.Ordinal);
        Assert.Contains("cancelled by dev; the previous version was restored", (await deploy).Expect(1).All, StringComparison.Ordinal);
        Assert.Equal(before, Assert.Single(await node.Engine.Runtime.ListAsync(
            new Dictionary<string, string> { ["mcp.service"] = "slow" }, default)).Id);
        var audit = (await node.McpAsync("audit", "slow")).Expect(0).Out;
        Assert.Contains("cancel ", audit, StringComparison.Ordinal);
        Assert.Contains("rolled-back", audit, StringComparison.Ordinal);
        (await node.McpAsync("undeploy", "slow", "--yes")).Expect(0);
    }

    private static string Definition(string stayUp) => $"""
        name = "slow"
        [[components]]
        name = "web"
        image = "{NodeFixture.Image}"
        env = ["STAY={stayUp}"]
        [components.health]
        stay_up = "{stayUp}"
        """;
}
