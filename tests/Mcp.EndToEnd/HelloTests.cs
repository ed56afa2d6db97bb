using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd;

[Trait("Group", "e2e")]
public sealed class HelloTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    [EngineFact]
    public async Task Hello_DeployedCalledRedeployedAndUndeployed_DoesWhatTheReadmeSays()
    {
        var fixedPort = FreePort.Take();
        var definition = (await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "samples", "hello", "hello.toml")))
            .Replace("18080", $"{fixedPort}", StringComparison.Ordinal);
        node.Define("hello", definition);

        (await node.McpAsync("deploy", "hello")).Expect(0);

        var ports = await node.RoutePortsAsync("hello");
        Assert.Equal(["api/", "web/admin", "web/site"], ports.Keys.Order());
        Assert.All(ports.Values, p => Assert.InRange(p, 10000, 60000));
        Assert.Equal($"hello from web (v1) on PORT_SITE={ports["web/site"]}", await Served.TextAsync(ports["web/site"]));
        Assert.Equal($"hello from web (v1) on PORT_ADMIN={ports["web/admin"]}", await Served.TextAsync(ports["web/admin"]));
        Assert.Equal($"hello from api (v1) on PORT={ports["api/"]}", await Served.TextAsync(ports["api/"]));
        Assert.Equal("hello from web (v1) on FIXED=8080", await Served.TextAsync(fixedPort));

        node.Define("hello", definition.Replace("hello from web", "changed", StringComparison.Ordinal));
        var redeploy = (await node.McpAsync("deploy", "hello", "--json")).Expect(0);
        Assert.Equal(ports, await node.RoutePortsAsync("hello"));
        Assert.StartsWith("changed", await Served.TextAsync(ports["web/site"]), StringComparison.Ordinal);
        Assert.DoesNotContain("hello-api", redeploy.JsonLines[0].GetProperty("steps").ToString(), StringComparison.Ordinal);
        Assert.Empty((await node.McpAsync("deploy", "hello", "--json")).Expect(0).JsonLines[0].GetProperty("steps").EnumerateArray());

        var before = (await node.ComponentAsync("hello", "web")).GetProperty("startedAt").GetDateTimeOffset();
        (await node.McpAsync("restart", "hello/web")).Expect(0);
        Assert.True((await node.ComponentAsync("hello", "web")).GetProperty("startedAt").GetDateTimeOffset() > before);
        Assert.Contains("serving PORT_SITE=", (await node.McpAsync("logs", "hello/web")).Expect(0).Out, StringComparison.Ordinal);

        (await node.McpAsync("stop", "hello/api")).Expect(0);
        Assert.Equal("exited", (await node.ComponentAsync("hello", "api")).GetProperty("state").GetString());
        (await node.McpAsync("start", "hello/api")).Expect(0);
        Assert.Equal("running", (await node.ComponentAsync("hello", "api")).GetProperty("state").GetString());

        Assert.Contains("\"services\"", (await node.McpAsync("node", "status", "--json")).Expect(0).Out, StringComparison.Ordinal);
        (await node.McpAsync("undeploy", "hello", "--yes")).Expect(0);
        Assert.DoesNotContain(
            await node.Engine.Runtime.ListAsync(new Dictionary<string, string> { ["mcp.service"] = "hello" }, default), _ => true);
        // Who holds the port is podman's conmon, which ends in its own time.
        await Eventually.TrueAsync(
            () => Task.FromResult(FreePort.IsFree(ports["web/site"])), TimeSpan.FromSeconds(20),
            () => $"port {ports["web/site"]} is still held");
    }

    [EngineFact]
    public async Task ServiceAndComponentOfOneName_IsOneContainerOfThatName()
    {
        node.Define("mc-proxy", """
            name = "mc-proxy"
            [[components]]
            name = "mc-proxy"
            image = "localhost/mcp-hello:v1"
            """);
        node.Define("mc", """
            name = "mc"
            [[components]]
            name = "server"
            image = "localhost/mcp-hello:v1"
            """);

        (await node.McpAsync("deploy", "mc-proxy")).Expect(0);
        (await node.McpAsync("deploy", "mc")).Expect(0);

        Assert.Equal("mc-proxy", (await node.ComponentAsync("mc-proxy", "mc-proxy")).GetProperty("container").GetString());
        Assert.NotNull(await node.Engine.Runtime.InspectAsync("mc-proxy", default));
        (await node.McpAsync("undeploy", "mc", "--yes")).Expect(0);
        Assert.Equal("running", (await node.ComponentAsync("mc-proxy", "mc-proxy")).GetProperty("state").GetString());
    }

    [EngineFact]
    public async Task InactiveService_HasNothingRunning()
    {
        node.Define("asleep", """
            name = "asleep"
            active = false
            [[components]]
            name = "web"
            image = "localhost/mcp-hello:v1"
            """);

        (await node.McpAsync("deploy", "asleep")).Expect(0);

        var web = await node.ComponentAsync("asleep", "web");
        Assert.Equal(("stopped", "created"), (web.GetProperty("desired").GetString(), web.GetProperty("state").GetString()));
    }

    [EngineFact]
    public async Task TwoDeploysAtOnce_NeverShareAPort()
    {
        foreach (var name in (string[])["left", "right"])
            node.Define(name, $"name = \"{name}\"\n[[components]]\nname = \"web\"\nimage = \"localhost/mcp-hello:v1\"\n" +
                string.Concat(Enumerable.Range(0, 5).Select(i => $"[[components.routes]]\nname = \"r{i}\"\nport = {4430 + i}\n")));

        var both = await Task.WhenAll(node.McpAsync("deploy", "left"), node.McpAsync("deploy", "right"));

        Assert.All(both, r => r.Expect(0));
        Assert.Equal(
            10, (await node.RoutePortsAsync("left")).Values.Concat((await node.RoutePortsAsync("right")).Values).Distinct().Count());
    }

    [EngineFact]
    public async Task AgentKilledAndStartedAgain_GoesOnWhereItWas()
    {
        node.Define("steady", """
            name = "steady"
            [[components]]
            name = "web"
            image = "localhost/mcp-hello:v1"
            [[components.routes]]
            port = 443
            """);
        (await node.McpAsync("deploy", "steady")).Expect(0);
        var port = (await node.RoutePortsAsync("steady"))["web/"];

        await node.Agent.KillAsync();
        Assert.Equal($" (v1) on PORT={port}", await Served.TextAsync(port));
        await node.StartAgentAsync();

        Assert.Equal(port, (await node.RoutePortsAsync("steady"))["web/"]);
        Assert.Equal("running", (await node.ComponentAsync("steady", "web")).GetProperty("state").GetString());
        Assert.Equal(0, await node.Agent.EndAsync());
        await node.StartAgentAsync();
    }
}
