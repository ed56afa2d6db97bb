using Grpc.Core;
using Mcp.Agent.Auth;
using Mcp.V1;

namespace Mcp.Agent.Tests.Hosting;

/// <summary>What is audited of calls through TLS, gRPC and authorisation.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task Calls_DeniedAndRefusedAndDone_AreAllAudited_AndReadingIsNot()
    {
        await using var agent = await RunningAgent.StartAsync();
        agent.Engine.AddToRegistry("registry/web:v1");
        var client = agent.Client(out var channel);
        using var _ = channel;
        var (viewer, operating) =
            (RunningAgent.Bearer(await agent.TokenAsync(Role.Viewer)), RunningAgent.Bearer(await agent.TokenAsync(Role.Operator)));
        var definition = new ServiceDefinition
        {
            Name = "web", Active = true,
                Components =
                    { new ComponentDefinition { Name = "web", Image = "registry/web:v1", Env = { "PASSWORD=s3cret" },
                        Health = new() { StayUp = new() } } },
        };

        await FailsAsync(client.Deploy(new() { Definition = definition }, viewer));
        await FailsAsync(client.Deploy(new() { Definition = definition }, RunningAgent.Bearer("mcp_stranger")));
        await FailsAsync(client.Restart(new() { Service = "nothing", Component = "here" }, operating));
        await foreach (var __ in client.Deploy(new() { Definition = definition }, operating).ResponseStream.ReadAllAsync())
        {
        }
        await client.GetStatusAsync(new(), viewer);

        var entries = new List<AuditEntry>();
        await foreach (var entry in client.GetAudit(new(), operating).ResponseStream.ReadAllAsync())
            entries.Add(entry);
        Assert.Equal(
            ["viewer viewer deploy   denied", "operator operator restart nothing here refused",
                "operator operator deploy web  succeeded"],
            entries.Select(e => $"{e.Actor} {e.Role} {e.Action} {e.Service} {e.Component} {e.Outcome}"));
        Assert.All(entries, e => Assert.StartsWith("ipv4:127.0.0.1:", e.From, StringComparison.Ordinal));
        Assert.Contains("needs the role operator", entries[0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", string.Concat(entries), StringComparison.Ordinal);
    }

    private static async Task FailsAsync(AsyncServerStreamingCall<OperationEvent> call)
    {
        using (call)
            await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));
    }
}
