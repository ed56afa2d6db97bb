using Grpc.Core;
using Mcp.Core.Client;
using Mcp.Core.Operations;
using Mcp.Testing.Agents;

namespace Mcp.Core.Tests.Client.Connections;

/// <summary>What a client makes of answers that are not of its version.</summary>
public sealed class NewerAgentTests
{
    private static readonly Release Release = new()
    {
        Service = "shop",
        Number = 1,
        OperationId = "op1",
        Actor = "me",
        StartedAt = DateTimeOffset.UnixEpoch,
        Definition = new() { Name = "shop" },
    };

    [Fact]
    public async Task ListReleases_OutcomeThatTheClientDoesNotKnow_KeepsItsNumber()
    {
        var release = Assert.Single(await ListAsync(new() { Releases = { Release with { Outcome = (ReleaseOutcome)42 } } }));

        Assert.Equal("unknown (42)", StateText.Of(release.Outcome));
    }

    [Fact]
    public async Task ListReleases_PortThatTheClientCannotRead_IsAnErrorWithTheField()
    {
        var definition = Release.Definition with { Components = [new() { Name = "web", Image = "img:v1", Ports = [new(null, 0, 80)] }] };
        var script = new ScriptedAgent { Releases = { Release with { Definition = definition } } };

        var error = await Assert.ThrowsAsync<McpException>(() => ListAsync(script));

        Assert.Equal((ErrorKind.Internal, "unreadable-answer"), (error.Kind, error.Id));
        Assert.Contains("ports of component 'web' has '0:80'", error.Message, StringComparison.Ordinal);
        Assert.Contains("update this client", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListReleases_AgentTooOldForTheRequest_IsAFailedOperation()
    {
        var refusal = ScriptedAgent.Refusal(StatusCode.InvalidArgument, "it has field 9 of X", "agent-too-old", "update mcp-agent");

        var error = await Assert.ThrowsAsync<McpException>(() => ListAsync(new() { Failure = refusal }));

        Assert.Equal((ErrorKind.OperationFailed, "agent-too-old", "update mcp-agent"), (error.Kind, error.Id, error.Remedy));
        Assert.Contains("it has field 9 of X", error.Message, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<Release>> ListAsync(ScriptedAgent script)
    {
        await using var agent = await TestAgent.StartAsync(script: script);
        using var client = new AgentClient(agent.Node(), TestNodes.Options);
        return await client.ListReleasesAsync("shop", default);
    }
}
