using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Mcp.Testing;
using Mcp.Testing.Engines;
using Mcp.V1;

namespace Mcp.EndToEnd.Hardening;

/// <summary>Streams end when the token that they were opened with is no longer valid.</summary>
[Trait("Group", "e2e")]
public sealed class RevocationTests
{
    [Theory]
    [InlineData("revoke")]
    [InlineData("rotate")]
    public async Task Stream_OfATokenThatIsWithdrawn_EndsWithinSeconds(string command)
    {
        await using var agent = await ServiceAgent.StartAsync("");
        using var channel = Channel(agent);
        using var events = Follow(channel, await agent.TokenAsync("viewer"));
        await events.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(30));
        var ended = EndAsync(events);
        Assert.False(ended.IsCompleted);

        await ChildProcess.RunAsync(Programs.Agent, ["token", command, "viewer", "--config", agent.ConfigFile]);
        var clock = Stopwatch.StartNew();
        var error = await ended.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((StatusCode.Unauthenticated, "token-revoked"), (error.StatusCode, error.Trailers.GetValue("mcp-error-id")));
        HardeningTable.Add(
            "8 revocation", $"`mcp-agent token {command}` with events followed", null, null, clock.Elapsed, "the stream ended as refused");
    }

    [Fact]
    public async Task Call_WithAnExpiredToken_IsRefusedAndSaysSo()
    {
        await using var agent = await ServiceAgent.StartAsync("");
        var token = await agent.TokenAsync("viewer", "--expires", "1s");
        using var channel = Channel(agent);
        var clock = Stopwatch.StartNew();
        using var events = Follow(channel, token);
        var error = await EndAsync(events).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);

        using var later = Follow(channel, token);
        var refused = await EndAsync(later).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("token-expired", refused.Trailers.GetValue("mcp-error-id"));
        HardeningTable.Add(
            "8 revocation", "a token with --expires 1s", null, null, clock.Elapsed, "its stream ended, its next call refused");
    }

    /// <summary>Reads what comes, and returns how it ended.</summary>
    private static Task<RpcException> EndAsync(AsyncServerStreamingCall<Event> call) => Assert.ThrowsAsync<RpcException>(async () =>
    {
        while (await call.ResponseStream.MoveNext(default))
        {
        }
    });

    private static GrpcChannel Channel(ServiceAgent agent) => GrpcChannel.ForAddress(agent.Address, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true } },
    });

    private static AsyncServerStreamingCall<Event> Follow(GrpcChannel channel, string token) => new NodeAgent.NodeAgentClient(channel)
        .GetEvents(new() { Follow = true }, new Metadata { { "authorization", "Bearer " + token } });
}
