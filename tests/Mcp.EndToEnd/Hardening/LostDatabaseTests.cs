using System.Diagnostics;
using Mcp.Testing;
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
        Assert.Contains("was removed or replaced while the agent ran", refused.All, StringComparison.Ordinal);
        Assert.Contains("registry.db.rescued", refused.All, StringComparison.Ordinal);

        Assert.Equal(0, await node.Agent.EndAsync());
        await AgentAsync("restore", database + ".rescued");
        await node.StartAgentAsync();
        Assert.Contains("running", (await node.McpAsync("status", "kept")).Expect(0).All, StringComparison.Ordinal);
        (await node.McpAsync("deploy", "kept")).Expect(0);
        (await node.McpAsync("undeploy", "kept", "--yes")).Expect(0);
        HardeningTable.Add(
            "9 database", "registry.db removed while the agent runs", null, null, took,
            "the deploy was refused; what was stored was saved, put back, and is whole");
    }

    [EngineFact]
    public async Task Database_Replaced_IsNoticed()
    {
        var database = Path.Combine(node.AgentDirectory, "agent", "registry.db");
        (await node.McpAsync("ps")).Expect(0);
        File.Copy(database, database + ".other");
        File.Move(database + ".other", database, overwrite: true);

        var refused = (await node.McpAsync("ps")).Expect(1);

        Assert.Contains("was removed or replaced while the agent ran", refused.All, StringComparison.Ordinal);
        Assert.Equal(0, await node.Agent.EndAsync());
        File.Delete(database + ".rescued");
        await node.StartAgentAsync();
        HardeningTable.Add(
            "9 database", "registry.db replaced by another file", null, null, TimeSpan.Zero, "refused; what was stored was saved");
    }

    [EngineFact]
    public async Task Database_Damaged_EndsInAClearStateAndABackupBringsItBack()
    {
        await File.WriteAllTextAsync(Path.Combine(node.ServicesDirectory, "back.toml"), $"""
            name = "back"
            [[components]]
            name = "web"
            image = "{NodeFixture.Image}"
            [[components.routes]]
            port = 443
            """);
        (await node.McpAsync("deploy", "back")).Expect(0);
        var container = (await node.Engine.Runtime.InspectAsync("back-web", default))!.Id;
        var backup = node.Write("agent.backup", "");
        File.Delete(backup);
        await AgentAsync("backup", backup);
        Assert.Equal(0, await node.Agent.EndAsync());
        var database = Path.Combine(node.AgentDirectory, "agent", "registry.db");
        var bytes = await File.ReadAllBytesAsync(database);
        // The pages from the second on, which the start of the file says nothing of.
        for (var i = 4096; i < bytes.Length; i += 4096)
            bytes.AsSpan(i, 500).Fill(0xA5);
        await File.WriteAllBytesAsync(database, bytes);

        var clock = Stopwatch.StartNew();
        var failed = await CliResult.OfAsync(Programs.Start(Programs.Agent, ["dev", "--dir", node.AgentDirectory]));
        var took = clock.Elapsed;
        // Exit code 2: systemd does not start it again (RestartPreventExitStatus).
        Assert.Contains("is damaged", failed.Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("mcp-agent restore FILE", failed.Error, StringComparison.Ordinal);

        await AgentAsync("restore", backup);
        await node.StartAgentAsync();
        Assert.Contains("running", (await node.McpAsync("status", "back")).Expect(0).All, StringComparison.Ordinal);

        // And without any backup: the containers are known by their labels, and a deploy takes them in as they are.
        Assert.Equal(0, await node.Agent.EndAsync());
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(database)!, "registry.db*"))
            File.Delete(file);
        await node.StartAgentAsync();
        var lost = (await node.McpAsync("ps")).Expect(0);
        Assert.Contains("container back-web", lost.Error, StringComparison.Ordinal);
        Assert.Contains("`mcp deploy back` takes it in", lost.Error, StringComparison.Ordinal);
        (await node.McpAsync("deploy", "back")).Expect(0);
        Assert.Equal(container, (await node.Engine.Runtime.InspectAsync("back-web", default))!.Id);
        Assert.Equal("", (await node.McpAsync("ps")).Expect(0).Error);
        (await node.McpAsync("undeploy", "back", "--yes")).Expect(0);
        HardeningTable.Add(
            "9 database", "registry.db overwritten with garbage, then no database at all", null, null, took,
            "the agent ended with exit code 2 and said what to do; a backup, and a deploy without one, brought all back");
    }

    private async Task AgentAsync(string command, string file) =>
        (await CliResult.OfAsync(Programs.Start(Programs.Agent, [command, file, "--dir", node.AgentDirectory]))).Expect(0);
}
