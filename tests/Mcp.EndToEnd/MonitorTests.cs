using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd;

[Trait("Group", "e2e")]
public sealed class MonitorTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    [EngineFact]
    public async Task ContainerKilledByHand_IsAnEventAndAnExitedComponent()
    {
        node.Define("watched", """
            name = "watched"
            [[components]]
            name = "web"
            image = "localhost/mcp-hello:v1"
            restart = "no"
            """);
        (await node.McpAsync("deploy", "watched")).Expect(0);

        await ChildProcess.RunAsync("podman", [.. node.Engine.GlobalArguments, "kill", "watched-web"], node.Engine.Environment);

        await Eventually.TrueAsync(
            async () => (await node.McpAsync("events", "watched", "--json")).Expect(0).JsonLines.Any(e =>
                e.GetProperty("kind").GetString() == "state" && e.GetProperty("to")
                    .GetString()!.StartsWith("exited", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(30), () => "no event for the killed container");
        Assert.Equal("exited", (await node.ComponentAsync("watched", "web")).GetProperty("state").GetString());
        (await node.McpAsync("restart", "watched/web")).Expect(0);
        Assert.Equal("running", (await node.ComponentAsync("watched", "web")).GetProperty("state").GetString());
    }
}
