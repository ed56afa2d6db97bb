using System.Text.RegularExpressions;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd;

/// <summary>What people see when something is wrong: a clear message with a remedy, the promised exit code, nothing half done.</summary>
[Trait("Group", "e2e")]
public sealed partial class FaultTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    private const string Simple = """
        name = "NAME"
        [[components]]
        name = "web"
        image = "localhost/mcp-hello:v1"
        """;

    [EngineFact]
    public async Task Definition_WithTenMistakes_HasTenLocatedMessagesAndExitsWith2()
    {
        var file = Path.Combine(SourceTree.Root, "tests", "cases", "definitions", "ten-mistakes.toml");

        var result = (await node.McpAsync("definition", "check", file)).Expect(2);

        Assert.Equal(10, Located().Count(result.All));
        (await node.McpAsync("deploy", "-f", file)).Expect(2);
    }

    [EngineFact]
    public async Task ImageThatIsNowhere_FailsWith1AndLeavesNothing()
    {
        node.Define(
            "ghost",
            Simple.Replace("NAME", "ghost", StringComparison.Ordinal).Replace("mcp-hello:v1", "mcp-hello:v99", StringComparison.Ordinal));

        var result = (await node.McpAsync("deploy", "ghost")).Expect(1);

        Assert.Contains("localhost/mcp-hello:v99", result.All, StringComparison.Ordinal);
        Assert.DoesNotContain("ghost", (await node.McpAsync("ps", "--json")).Expect(0).Out, StringComparison.Ordinal);
        Assert.Null(await node.Engine.Runtime.InspectAsync("ghost-web", default));
    }

    [EngineFact]
    public async Task FixedPortInUse_FailsWith1AndNamesIt()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        node.Define("squeeze", Simple.Replace("NAME", "squeeze", StringComparison.Ordinal) + $"\nports = [\"127.0.0.1:{port}:8080\"]\n");

        var result = (await node.McpAsync("deploy", "squeeze")).Expect(1);

        Assert.Contains($"{port}", result.All, StringComparison.Ordinal);
        Assert.Null(await node.Engine.Runtime.InspectAsync("squeeze-web", default));
    }

    [EngineFact]
    public async Task CrashingImage_FailsWith1ShowsItsLogAndTheOldOneRuns()
    {
        node.Define("frail", Simple.Replace("NAME", "frail", StringComparison.Ordinal));
        (await node.McpAsync("deploy", "frail")).Expect(0);
        var id = (await node.Engine.Runtime.InspectAsync("frail-web", default))!.Id;
        node.Define(
            "frail",
            Simple.Replace("NAME", "frail", StringComparison.Ordinal) +
            "\ncmd = [\"extra\"]\nuser = \"0:0\"\nenv = [\"GREETING=x\"]\nvolumes = [\"/nonexistent/nowhere:/serve.sh:ro\"]\n");

        var result = (await node.McpAsync("deploy", "frail")).Expect(1);

        Assert.NotEqual("", result.Error);
        var now = (await node.Engine.Runtime.InspectAsync("frail-web", default))!;
        Assert.Equal((id, Mcp.Core.Containers.ContainerState.Running), (now.Id, now.State));
        Assert.Single(await node.Engine.Runtime.ListAsync(new Dictionary<string, string> { ["mcp.service"] = "frail" }, default));
    }

    [EngineFact]
    public async Task WrongTokenAndWrongFingerprint_AreToldApart()
    {
        var config = await File.ReadAllTextAsync(node.ConfigFile);
        using var folder = new TempFolder();
        var badToken = folder.Write("token.toml", TokenPath().Replace(config, "token = \"mcp_wrongwrongwrongwrongwrongwrongwrongwrong\""));
        var badPin = folder.Write(
            "pin.toml",
            Fingerprint()
                .Replace(
                    TokenPath().Replace(config, $"token_path = \"{Path.Combine(node.AgentDirectory, "token")}\""),
                    $"fingerprint = \"{new string('0', 64)}\""));

        var token = (await node.McpAsync(badToken, ["ps"])).Expect(1);
        var pin = (await node.McpAsync(badPin, ["ps"])).Expect(3);

        Assert.Contains("token", token.Error, StringComparison.Ordinal);
        Assert.Contains("fingerprint", pin.Error, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task AgentDown_ExitsWith3AndSaysSo()
    {
        await node.Agent.EndAsync();
        try
        {
            var result = (await node.McpAsync("ps")).Expect(3);

            Assert.Contains("node1", result.Error, StringComparison.Ordinal);
        }
        finally
        {
            await node.StartAgentAsync();
        }
    }

    [EngineFact]
    public async Task EngineDown_FailsWith1AndStatusStillAnswers()
    {
        node.Define("dry", Simple.Replace("NAME", "dry", StringComparison.Ordinal));
        (await node.McpAsync("deploy", "dry")).Expect(0);
        await node.Engine.StopServiceAsync();
        try
        {
            var deploy = (await node.McpAsync("deploy", "dry")).Expect(1);
            Assert.Contains("engine", deploy.Error, StringComparison.OrdinalIgnoreCase);
            var listed = (await node.McpAsync("ps", "--json")).Expect(1);
            Assert.Equal("unknown", listed.Json.EnumerateArray().Single(c => c.GetProperty("service").GetString() == "dry")
                .GetProperty("state").GetString());
            Assert.Contains("engine", listed.Error, StringComparison.OrdinalIgnoreCase);
            Assert.NotEqual("", (await node.McpAsync("node", "status", "--json")).Expect(0).Json[0].GetProperty("engineError").GetString());
        }
        finally
        {
            await node.Engine.StartServiceAsync();
        }
        Assert.Equal("running", (await node.ComponentAsync("dry", "web")).GetProperty("state").GetString());
    }

    [EngineFact]
    public async Task UnknownServiceAndUnknownOption_SuggestTheNearest()
    {
        node.Define("shop", Simple.Replace("NAME", "shop", StringComparison.Ordinal));

        Assert.Contains("shop", (await node.McpAsync("deploy", "shpo")).Expect(2).Error, StringComparison.Ordinal);
        (await node.McpAsync("deploy", "--nodee", "x")).Expect(2);
        Assert.Contains("not deployed", (await node.McpAsync("restart", "nothere")).Expect(2).Error, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"ten-mistakes\.toml:\d+:\d+: ")]
    private static partial Regex Located();

    [GeneratedRegex("token_path = .*")]
    private static partial Regex TokenPath();

    [GeneratedRegex("fingerprint = .*")]
    private static partial Regex Fingerprint();
}
