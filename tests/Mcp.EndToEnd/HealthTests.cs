using Mcp.Testing.Engines;

namespace Mcp.EndToEnd;

/// <summary>A deploy of what never becomes healthy, on real podman: the old container serves again, and the error says why.</summary>
[Trait("Group", "e2e")]
public sealed class HealthTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    [EngineFact]
    public async Task Http_PageThatIsNotThere_IsRefusedAndTheOldOneAnswersAgain()
    {
        node.Define("shop", Definition("shop", "http = \"/index.html\""));
        var first = (await node.McpAsync("deploy", "shop")).Expect(0);
        Assert.Contains("wait until shop-web answers GET /index.html with 200", first.All, StringComparison.Ordinal);
        var port = (await node.RoutePortsAsync("shop"))["web/"];
        var before = await node.Engine.Runtime.InspectAsync("shop-web", default);

        node.Define("shop", Definition("shop", "http = \"/healthz\"", "second"));
        var refused = (await node.McpAsync("deploy", "shop")).Expect(1);

        Assert.Contains(
            $"GET http://127.0.0.1:{port}/healthz answered 404 Not Found instead of 200", refused.All, StringComparison.Ordinal);
        Assert.Contains($"serving PORT={port}", refused.All, StringComparison.Ordinal);
        Assert.StartsWith("first", await Served.TextAsync(port), StringComparison.Ordinal);
        Assert.Equal(before!.Id, (await node.Engine.Runtime.InspectAsync("shop-web", default))!.Id);
        Assert.Single(await node.Engine.Runtime.ListAsync(new Dictionary<string, string> { ["mcp.service"] = "shop" }, default));

        node.Define("shop", Definition("shop", "http = \"/index.html\"", "second"));
        (await node.McpAsync("deploy", "shop")).Expect(0);
        Assert.StartsWith("second", await Served.TextAsync(port), StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Tcp_NobodyListens_IsRefusedAndNothingIsLeft()
    {
        var script = node.Write("mute.sh", "echo listening nowhere; exec /bin/busybox sleep 3600");
        node.Define("mute", """
            name = "mute"
            [[components]]
            name = "web"
            image = "localhost/mcp-hello:v1"
            volumes = ["VOLUME:/serve.sh:ro"]
            health = { tcp = true, start_period = "1s", interval = "200ms", retries = 2 }
            routes = [{ port = 443 }]
            """.Replace("VOLUME", script, StringComparison.Ordinal));

        var refused = (await node.McpAsync("deploy", "mute")).Expect(1);

        Assert.Contains("is not healthy after", refused.All, StringComparison.Ordinal);
        Assert.Contains("(its route)", refused.All, StringComparison.Ordinal);
        Assert.Contains("listening nowhere", refused.All, StringComparison.Ordinal);
        Assert.Empty(await node.Engine.Runtime.ListAsync(new Dictionary<string, string> { ["mcp.service"] = "mute" }, default));
    }

    [EngineFact]
    public async Task Exec_InTheContainer_DecidesByItsExitCode()
    {
        node.Define("check", Definition("check", "exec = [\"/bin/busybox\", \"test\", \"-f\", \"/www/PORT/index.html\"]"));
        (await node.McpAsync("deploy", "check")).Expect(0);

        node.Define("check", Definition("check", "exec = [\"/bin/busybox\", \"ls\", \"/not-there\"]", "second"));
        var refused = (await node.McpAsync("deploy", "check")).Expect(1);

        Assert.Contains(
            "`/bin/busybox` ended with exit code 1: ls: /not-there: No such file or directory", refused.All,
            StringComparison.Ordinal);
        Assert.StartsWith("first", await Served.TextAsync((await node.RoutePortsAsync("check"))["web/"]), StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task ImagesOwnCheck_IsHeeded()
    {
        await node.BuildAsync(
            "localhost/mcp-checked:good",
            "FROM " + NodeFixture.Image + "\nHEALTHCHECK CMD [\"/bin/busybox\", \"test\", \"-d\", \"/www\"]\n");
        await node.BuildAsync(
            "localhost/mcp-checked:bad",
            "FROM " + NodeFixture.Image + "\nHEALTHCHECK CMD [\"/bin/busybox\", \"test\", \"-d\", \"/not-there\"]\n");
        string Of(string tag) => $"""
            name = "own"
            [[components]]
            name = "web"
            image = "localhost/mcp-checked:{tag}"
            health = {"{"} start_period = "1s", interval = "200ms", retries = 2, stay_up = "500ms" {"}"}
            """;
        node.Define("own", Of("good"));
        (await node.McpAsync("deploy", "own")).Expect(0);

        node.Define("own", Of("bad"));
        var refused = (await node.McpAsync("deploy", "own")).Expect(1);

        Assert.Contains(
            "the image's health check `/bin/busybox` ended with exit code 1", refused.All, StringComparison.Ordinal);
        Assert.EndsWith(":good", (await node.Engine.Runtime.InspectAsync("own-web", default))!.Image, StringComparison.Ordinal);
    }

    private static string Definition(string name, string probe, string greeting = "first") => $"""
        name = "{name}"
        [[components]]
        name = "web"
        image = "localhost/mcp-hello:v1"
        env = ["GREETING={greeting}"]
        [components.health]
        {probe}
        interval = "200ms"
        retries = 2
        start_period = "1s"
        [[components.routes]]
        port = 443
        """;
}
