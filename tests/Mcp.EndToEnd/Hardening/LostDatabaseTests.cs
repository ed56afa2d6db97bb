using System.Diagnostics;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Hardening;

/// <summary>The registry database disappears under a running agent.</summary>
[Trait("Group", "e2e")]
public sealed class LostDatabaseTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    [EngineFact]
    public async Task Database_RemovedWhileTheAgentRuns_IsNoticedAndCanBePutBack()
    {
        await File.WriteAllTextAsync(Path.Combine(node.ServicesDirectory, "kept.toml"), $"""
            name = "kept"
            [[components]]
            name = "web"
            image = "{NodeFixture.Image}"
            """);
        (await node.McpAsync("deploy", "kept")).Expect(0);
        var database = Path.Combine(node.AgentDirectory, "agent", "registry.db");
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(database)!, "registry.db*"))
            File.Delete(file);

        var clock = Stopwatch.StartNew();
        var refused = (await node.McpAsync("deploy", "kept", "--force")).Expect(1);
        var took = clock.Elapsed;
        Assert.Contains("was removed while the agent ran", refused.All, StringComparison.Ordinal);
        Assert.Contains("registry.db.rescued", refused.All, StringComparison.Ordinal);

        Assert.Equal(0, await node.Agent.EndAsync());
        File.Move(database + ".rescued", database);
        await node.StartAgentAsync();
        Assert.Contains("running", (await node.McpAsync("status", "kept")).Expect(0).All, StringComparison.Ordinal);
        (await node.McpAsync("deploy", "kept")).Expect(0);
        (await node.McpAsync("undeploy", "kept", "--yes")).Expect(0);
        HardeningTable.Add(
            "9 database", "registry.db removed while the agent runs", null, null, took,
            "the deploy was refused; what was stored was saved, put back, and is whole");
    }
}
