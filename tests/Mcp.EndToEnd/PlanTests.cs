using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd;

[Trait("Group", "e2e")]
public sealed class PlanTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    [EngineFact]
    public async Task Plan_BeforeAndAfterADeploy_TellsWhatIsPendingAndChangesNothing()
    {
        Define("planned", "v=1");
        var before = await StateAsync();
        var pending = (await node.McpAsync("deploy", "planned", "--plan")).Expect(4);
        Assert.Contains("+ web", pending.Out, StringComparison.Ordinal);
        Assert.Contains("podman run -d --name planned-web", pending.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("v=1", pending.Out, StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync());

        (await node.McpAsync("deploy", "planned")).Expect(0);
        var deployed = await StateAsync();
        (await node.McpAsync("deploy", "planned", "--plan")).Expect(0);
        Assert.Equal(deployed, await StateAsync());

        Define("planned", "v=2");
        var changed = (await node.McpAsync("deploy", "planned", "--plan", "--json")).Expect(4).Json;
        var web = changed.GetProperty("components")[0];
        Assert.Equal(("replace", "stop-first"), (web.GetProperty("change").GetString(), web.GetProperty("strategy").GetString()));
        Assert.Equal("env changed: SECRET", web.GetProperty("reason").GetString());
        (await node.McpAsync("deploy", "planned", "--plan", "--force")).Expect(4);
        Assert.Equal(deployed, await StateAsync());

        (await node.McpAsync("undeploy", "planned", "--yes")).Expect(0);
    }

    [EngineFact]
    public async Task Force_Unchanged_ReplacesTheContainer()
    {
        Define("forced", "v=1");
        (await node.McpAsync("deploy", "forced")).Expect(0);
        var first = (await node.ComponentAsync("forced", "web")).GetProperty("containerId").GetString();
        Assert.Contains("is up to date", (await node.McpAsync("deploy", "forced")).Expect(0).Out, StringComparison.Ordinal);
        Assert.Equal(first, (await node.ComponentAsync("forced", "web")).GetProperty("containerId").GetString());

        Assert.Contains("stop-first", (await node.McpAsync("deploy", "forced", "--force")).Expect(0).Out, StringComparison.Ordinal);

        Assert.NotEqual(first, (await node.ComponentAsync("forced", "web")).GetProperty("containerId").GetString());
        (await node.McpAsync("undeploy", "forced", "--yes")).Expect(0);
    }

    [EngineFact]
    public async Task Deploy_WhileAnotherHasTheService_IsRefusedOrWaits()
    {
        // Not healthy before somebody says so: the deploy has the service for as long as this test needs.
        Define(
            "taken", "v=1",
            "  [components.health]\n  exec = [\"/bin/busybox\", \"test\", \"-e\", \"/go\"]\n  interval = \"200ms\"\n  start_period = " +
            "\"2m\"\n");
        var first = node.McpAsync("deploy", "taken");
        await Eventually.TrueAsync(
            () => RunningAsync("taken-web"), TimeSpan.FromSeconds(60), () => "the container of the first deploy never ran");

        var refused = (await node.McpAsync("deploy", "taken")).Expect(1);
        Assert.Matches("taken is locked: deploy by .* since \\d\\d:\\d\\d:\\d\\d", refused.Error);
        Assert.Contains("--wait", refused.Error, StringComparison.Ordinal);
        // A plan needs nobody's permission.
        (await node.McpAsync("deploy", "taken", "--plan")).Expect(await PlanCodeAsync("taken"));

        var waiting = Programs.Start(Programs.Mcp, ["restart", "taken", "--wait", "--json"]);
        waiting.Environment["MCP_CONFIG"] = node.ConfigFile;
        using var second = Process.Start(waiting)!;
        var told = JsonDocument.Parse((await second.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)))!).RootElement;
        Assert.Equal(("waiting", "deploy"), (told.GetProperty("type").GetString(), told.GetProperty("kind").GetString()));
        Assert.False(first.IsCompleted);

        await PodmanAsync("exec", "taken-web", "/bin/busybox", "touch", "/go");
        (await first).Expect(0);
        var rest = await second.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await second.WaitForExitAsync();
        Assert.Equal(0, second.ExitCode);
        Assert.Contains("\"type\":\"ended\"", rest, StringComparison.Ordinal);
        (await node.McpAsync("undeploy", "taken", "--yes", "--wait")).Expect(0);
    }

    [EngineFact]
    public async Task Rollback_GoesBackAndIsInHistoryAndAudit()
    {
        foreach (var version in (string[])["v=1", "v=2"])
        {
            Define("undone", version);
            (await node.McpAsync("deploy", "undone")).Expect(0);
        }

        var back = (await node.McpAsync("rollback", "undone")).Expect(0);
        Assert.Contains("Rolling back undone on node1 to release 1", back.Error, StringComparison.Ordinal);
        Assert.Contains("Rolled back undone on node1 to release 1 as release 3", back.Out, StringComparison.Ordinal);
        Assert.Equal("v=1", await PodmanAsync("exec", "undone-web", "/bin/busybox", "sh", "-c", "echo $SECRET"));

        var history = (await node.McpAsync("history", "undone", "--json")).Expect(0);
        Assert.Equal(
            [(3, true), (2, false), (1, false)],
            history.Json.EnumerateArray().Select(r => (r.GetProperty("number").GetInt32(), r.GetProperty("current").GetBoolean())));
        Assert.DoesNotContain("v=1", history.Out, StringComparison.Ordinal);
        Assert.Matches("3 +current +succeeded .*rollback to 1", (await node.McpAsync("history", "undone")).Expect(0).Out);
        Assert.Equal(
            ["deploy", "deploy", "rollback"],
            (await node.McpAsync("audit", "undone", "--json")).Expect(0).Json.EnumerateArray()
                .Select(e => e.GetProperty("action").GetString()));
        (await node.McpAsync("rollback", "undone", "--to", "99")).Expect(2);
        (await node.McpAsync("undeploy", "undone", "--yes")).Expect(0);
    }

    private void Define(string service, string secret, string more = "") => node.Define(
        service,
        $"name = \"{service}\"\n[[components]]\nname = \"web\"\nimage = \"{NodeFixture.Image}\"\nenv = [\"SECRET={secret}\"]\n  " +
        $"[[components.routes]]\n  port = 443\n{more}");

    private async Task<bool> RunningAsync(string container) =>
        (await PodmanAsync("ps", "--format", "{{.Names}}")).Split('\n').Contains(container);

    /// <summary>While the first deploy is under way its container runs already, and is as its definition says; that it is not recorded yet
    /// is a change.</summary>
    private async Task<int> PlanCodeAsync(string service) =>
        (await node.McpAsync("deploy", service, "--plan", "--json")).Json.GetProperty("hasChanges").GetBoolean() ? 4 : 0;

    /// <summary>All that a plan could have touched: containers, images, the registry database's bytes, what is reserved.</summary>
    private async Task<string> StateAsync() => string.Join('\n',
        await PodmanAsync("ps", "-a", "--no-trunc", "--format", "{{.ID}} {{.Names}} {{.Pid}} {{.StartedAt}} {{.Ports}} {{.Labels}}"),
        await PodmanAsync("images", "-a", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}"),
        (await node.McpAsync("route", "list", "--json")).Expect(0).Out,
        (await node.McpAsync("audit", "--json")).Expect(0).Out,
        DatabaseHashes());

    private string DatabaseHashes() => string.Join('\n', Directory.EnumerateFiles(node.AgentDirectory, "*.db*", SearchOption.AllDirectories)
        .Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        .Select(f =>
        {
            using var stream = new FileStream(f, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return $"{Path.GetFileName(f)} {stream.Length} {Convert.ToHexString(SHA256.HashData(stream))}";
        }));

    private async Task<string> PodmanAsync(params string[] arguments) =>
        (await ChildProcess.RunAsync("podman", [.. node.Engine.GlobalArguments, .. arguments], node.Engine.Environment)).Trim();
}
