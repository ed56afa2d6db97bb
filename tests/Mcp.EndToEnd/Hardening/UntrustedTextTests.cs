using System.Diagnostics;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Hardening;

/// <summary>What callers and containers write does not reach an operator's terminal as commands, and what a definition hides stays
/// hidden.</summary>
[Trait("Group", "e2e")]
public sealed class UntrustedTextTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    private const string Title = "\u001b]0;owned\u0007";
    private const string Escaped = @"\u001b]0;owned\u0007";

    [EngineFact]
    public async Task Text_OfContainersAndCallers_IsWrittenOut()
    {
        var clock = Stopwatch.StartNew();
        await File.WriteAllTextAsync(Path.Combine(node.ServicesDirectory, "shady.toml"), $"""
            name = "shady"
            [[components]]
            name = "web"
            image = "{NodeFixture.Image}"
            env = ["PORTX=\u001b]0;owned\u0007"]
            """);
        (await node.McpAsync("deploy", "shady")).Expect(0);
        using var client = new AgentClient(
            WorkstationConfig.Load(WorkstationEnvironment.Current, node.ConfigFile).SelectNode(null), new());
        await Assert.ThrowsAsync<McpException>(async () =>
        {
            await foreach (var _ in client.RunAsync(OperationKind.Restart, Title, null, OperationOptions.Default, default))
            {
            }
        });

        var audit = (await node.McpAsync("audit")).Expect(0).All;
        var logs = (await node.McpAsync("logs", "shady")).Expect(0).All;
        var raw = (await node.McpAsync("logs", "shady", "--raw")).Expect(0).All;
        (await node.McpAsync("undeploy", "shady", "--yes")).Expect(0);

        Assert.Contains(Escaped, audit, StringComparison.Ordinal);
        Assert.Contains(Escaped, logs, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', audit + logs);
        Assert.Contains(Title, raw, StringComparison.Ordinal);
        HardeningTable.Add(
            "4 untrusted text", "escape sequences in a container's log and in a service's name", null, null, clock.Elapsed,
            "written out in `mcp logs` and `mcp audit`; as they are only with --raw");
    }

    [EngineFact]
    public async Task Values_OfADefinition_StayOnTheNode()
    {
        var clock = Stopwatch.StartNew();
        await File.WriteAllTextAsync(Path.Combine(node.ServicesDirectory, "secretive.toml"), $"""
            name = "secretive"
            [[components]]
            name = "web"
            image = "{NodeFixture.Image}"
            env = ["PASSWORD=canary-env"]
            cmd = ["--key=canary-cmd"]
            """);
        var told = (await node.McpAsync("deploy", "secretive", "--plan")).Expect(4).All;
        told += (await node.McpAsync("deploy", "secretive", "--json")).Expect(0).All;
        string[][] questions =
        [
            ["history", "secretive", "--json"], ["ps", "--json"], ["status", "secretive", "--json"], ["audit", "--json"],
            ["events", "--json"],
        ];
        foreach (var question in questions)
            told += (await node.McpAsync(question)).Expect(0).All;
        using var client = new AgentClient(
            WorkstationConfig.Load(WorkstationEnvironment.Current, node.ConfigFile).SelectNode(null), new());
        var services = await client.ListServicesAsync(CancellationToken.None);
        (await node.McpAsync("undeploy", "secretive", "--yes")).Expect(0);

        var component = Assert.Single(Assert.Single(services, s => s.Definition.Name == "secretive").Definition.Components);
        Assert.Equal("PASSWORD=***", Assert.Single(component.Environment));
        Assert.Equal("***", Assert.Single(component.Command));
        Assert.DoesNotContain("canary", told, StringComparison.Ordinal);
        HardeningTable.Add(
            "3 secrets", "values of env and cmd, looked for in every answer", null, null, clock.Elapsed, "none was found");
    }
}
