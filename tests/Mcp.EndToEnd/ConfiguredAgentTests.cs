using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd;

/// <summary>An agent as a node has it: with an agent.toml, a token that was made on the node, and an alert command.</summary>
[Trait("Group", "e2e")]
public sealed partial class ConfiguredAgentTests(NodeFixture node) : IClassFixture<NodeFixture>, IDisposable
{
    private readonly TempFolder _folder = new("mcp-e2e-");

    public void Dispose() => _folder.Dispose();

    [EngineFact]
    public async Task Agent_WithAConfiguration_IsAddedDeployedToAndAlerts()
    {
        var alert = _folder.File("alert.json");
        var command = _folder.Write("alert", $"#!/bin/sh\ncat > '{alert}.new'\nmv '{alert}.new' '{alert}'\n");
        File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var port = FreePort.Take();
        var config = _folder.Write("agent.toml", $"""
            [agent]
            name = "lone"
            data_dir = "data"
            listen = "127.0.0.1:{port}"
            [engine]
            socket = "{node.Engine.SocketPath}"
            [deploy]
            stay_up = "300ms"
            [monitor]
            interval = "1s"
            drift_after = "1s"
            alert_command = ["{command}"]
            """);
        var token = (await AgentAsync("token", "create", "--name", "anna", "--role", "operator", "--config", config)).Expect(0).Out;
        Assert.Contains("anna", (await AgentAsync("token", "list", "--config", config)).Expect(0).Out, StringComparison.Ordinal);
        await using var agent = ChildProcess.Start(Programs.Agent, ["run", "--config", config]);
        await Eventually.TrueAsync(
            () => Task.FromResult(Fingerprint().IsMatch(agent.Output)), TimeSpan.FromSeconds(60), () => agent.Output);

        var pin = Fingerprint().Match(agent.Output).Value;
        var add = Mcp("node", "add", "lone", $"127.0.0.1:{port}", "--token-stdin", "--fingerprint", pin);
        (await CliResult.OfAsync(add, token)).Expect(0);
        _folder.Write("services/lone.toml", $"""
            name = "lone"
            [[components]]
            name = "web"
            image = "{NodeFixture.Image}"
            restart = "no"
            """);
        (await CliResult.OfAsync(Mcp("deploy", "lone"))).Expect(0);
        await ChildProcess.RunAsync("podman", [.. node.Engine.GlobalArguments, "kill", "lone-web"], node.Engine.Environment);
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(alert)), TimeSpan.FromSeconds(60), () => agent.Output);

        var told = JsonDocument.Parse(await File.ReadAllTextAsync(alert)).RootElement;
        Assert.Equal(("lone", "drift"), (told.GetProperty("service").GetString(), told.GetProperty("kind").GetString()));
        (await CliResult.OfAsync(Mcp("undeploy", "lone", "--yes"))).Expect(0);
        (await AgentAsync("token", "revoke", "anna", "--config", config)).Expect(0);
    }

    private static Task<CliResult> AgentAsync(params string[] arguments) => CliResult.OfAsync(Programs.Start(Programs.Agent, arguments));

    private ProcessStartInfo Mcp(params string[] arguments)
    {
        var info = Programs.Start(Programs.Mcp, arguments);
        info.Environment["MCP_CONFIG"] = _folder.File("mcp.toml");
        info.Environment["MCP_SERVICES_DIR"] = _folder.File("services");
        return info;
    }

    [GeneratedRegex("([0-9A-F]{2}:){31}[0-9A-F]{2}")]
    private static partial Regex Fingerprint();
}
