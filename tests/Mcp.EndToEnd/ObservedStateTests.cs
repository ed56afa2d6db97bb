using Mcp.Testing.Engines;

namespace Mcp.EndToEnd;

[Trait("Group", "e2e")]
public sealed class ObservedStateTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    [EngineFact]
    public async Task ChangedByHand_IsWhatPsSaysNext()
    {
        node.Define("byhand", """
            name = "byhand"
            [[components]]
            name = "web"
            image = "localhost/mcp-hello:v1"
            restart = "no"
            """);
        (await node.McpAsync("deploy", "byhand")).Expect(0);
        var said = new List<string>();

        foreach (var command in (string[])["pause web", "unpause web", "stop -t 0 web", "start web", "rename web other", "rm -f other"])
        {
            // By now nothing has changed for so long that the agent keeps what it has seen.
            await Task.Delay(TimeSpan.FromSeconds(2.2));
            await node.ComponentAsync("byhand", "web");
            await ChildProcess.RunAsync(
                "podman",
                [.. node.Engine.GlobalArguments, .. command.Split(' ').Select(word => word is "web" or "other" ? "byhand-" + word : word)],
                node.Engine.Environment);
            said.Add((await node.ComponentAsync("byhand", "web")).GetProperty("state").GetString()!);
        }

        Assert.Equal(["paused", "running", "exited", "running", "missing", "missing"], said);
    }
}
