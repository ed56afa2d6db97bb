using System.IO.Pipelines;
using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Mcp.Agent.Auth;
using Mcp.Agent.Events;
using Mcp.Agent.Monitor;
using Mcp.Core.Protocol;
using Mcp.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Mcp.Agent.Tests.Hosting;

/// <summary>Calls through TLS, gRPC and authorisation to the service and back.</summary>
public sealed class AgentHostTests
{
    [Fact]
    public async Task Call_WithToken_IsAnswered()
    {
        await using var agent = await RunningAgent.StartAsync();
        var client = agent.Client(out var channel, RunningAgent.Pin(agent.Host.Fingerprint));
        using var _ = channel;
        var status = await client.GetNodeStatusAsync(new(), RunningAgent.Bearer(await agent.TokenAsync(Role.Viewer)));

        Assert.Equal((await agent.Engine.GetInfoAsync(default)).Name, status.EngineName);
        Assert.Equal("", status.EngineError);
        Assert.NotEqual(0, status.MemoryTotal);
        Assert.NotEmpty(status.Disks);
    }

    [Theory]
    [InlineData(null, "token-missing")]
    [InlineData("mcp_wrong", "token-wrong")]
    public async Task Call_WithoutAGoodToken_IsUnauthenticated(string? token, string id)
    {
        await using var agent = await RunningAgent.StartAsync();
        var client = agent.Client(out var channel);
        using var _ = channel;
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await client.GetNodeStatusAsync(new(), token is null ? [] : RunningAgent.Bearer(token)));

        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
        Assert.Equal(id, error.Trailers.GetValue(ErrorTrailers.ErrorId));
        Assert.NotNull(error.Trailers.GetValueBytes(ErrorTrailers.Remedy));
    }

    [Fact]
    public async Task Call_WithoutAToken_IsRefusedBeforeItsRequestIsRead()
    {
        await using var agent = await RunningAgent.StartAsync();
        using var http =
            new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
        // A request that begins and never comes to its end.
        var body = new Pipe();
        await body.Writer.WriteAsync(new byte[5]);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(agent.Host.Address, "/mcp.v1.NodeAgent/GetStatus"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StreamContent(body.Reader.AsStream()) { Headers = { ContentType = new("application/grpc") } },
        };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal("16", Assert.Single(response.Headers.GetValues("grpc-status")));
    }

    [Fact]
    public async Task Check_WithoutAToken_SaysThatTheAgentServes()
    {
        await using var agent = await RunningAgent.StartAsync();
        agent.Client(out var channel);
        using var _ = channel;
        var health = new Health.HealthClient(channel);

        Assert.Equal(ServingStatus.Serving, (await health.CheckAsync(new())).Status);
        Assert.Equal(ServingStatus.Serving, (await health.CheckAsync(new() { Service = NodeAgent.Descriptor.FullName })).Status);
        Assert.Equal(
            StatusCode.NotFound,
            (await Assert.ThrowsAsync<RpcException>(async () => await health.CheckAsync(new() { Service = "other" }))).StatusCode);
    }

    [Fact]
    public async Task Watch_AgentStops_SaysThatItServesNoMore()
    {
        await using var agent = await RunningAgent.StartAsync();
        agent.Client(out var channel);
        using var _ = channel;
        using var watch = new Health.HealthClient(channel).Watch(new(), RunningAgent.Bearer(await agent.TokenAsync(Role.Viewer)));
        Assert.True(await watch.ResponseStream.MoveNext(default));
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);

        var stopping = agent.Host.WaitAsync(() => { }, default);
        agent.Host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.True(await watch.ResponseStream.MoveNext(default).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        Assert.False(await watch.ResponseStream.MoveNext(default));
        Assert.True(await stopping.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Call_RoleTooLow_IsDeniedAndNothingHappens()
    {
        await using var agent = await RunningAgent.StartAsync();
        var client = agent.Client(out var channel);
        using var _ = channel;
        using var call = client.Deploy(
            new() { Definition = new() { Name = "web" } }, RunningAgent.Bearer(await agent.TokenAsync(Role.Viewer)));
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
        Assert.Contains("operator", error.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(agent.Engine.Containers);
    }

    [Fact]
    public async Task Call_WrongFingerprint_SendsNothing()
    {
        await using var agent = await RunningAgent.StartAsync();
        var client = agent.Client(out var channel, RunningAgent.Pin("00"));
        using var _ = channel;
        var error =
            await Assert.ThrowsAsync<RpcException>(async () => await client.GetNodeStatusAsync(new(), RunningAgent.Bearer("mcp_secret")));
        Assert.NotEqual(StatusCode.Unauthenticated, error.StatusCode);
    }

    [Fact]
    public async Task Call_EngineDown_NodeStatusSaysSo()
    {
        await using var agent = await RunningAgent.StartAsync();
        agent.Engine.GoDown();
        var client = agent.Client(out var channel);
        using var _ = channel;
        var status = await client.GetNodeStatusAsync(new(), RunningAgent.Bearer(await agent.TokenAsync(Role.Viewer)));
        Assert.NotEqual("", status.EngineError);
    }

    [Fact]
    public async Task Stop_SomeoneFollowsEvents_EndsTheirStreamAtOnce()
    {
        await using var agent = await RunningAgent.StartAsync();
        var client = agent.Client(out var channel);
        using var _ = channel;
        agent.Host.Services.GetRequiredService<EventLog>().Append(new(EventKinds.Deployed, "first"));
        using var call = client.GetEvents(new() { Follow = true }, RunningAgent.Bearer(await agent.TokenAsync(Role.Viewer)));
        Assert.True(await call.ResponseStream.MoveNext(default));

        var stopping = agent.Host.WaitAsync(() => { }, default);
        agent.Host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(default))
            {
            }
        }).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((StatusCode.Unavailable, "the agent is stopping"), (error.StatusCode, error.Status.Detail));
        Assert.True(await stopping.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Start_Agent_RunsTheMonitorAndStopEndsIt()
    {
        await using var agent = await RunningAgent.StartAsync();
        var monitor = Assert.Single(agent.Host.Services.GetServices<IHostedService>().OfType<MonitorService>());
        Assert.False(monitor.ExecuteTask!.IsCompleted);

        var stopping = agent.Host.WaitAsync(() => { }, default);
        agent.Host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.True(await stopping.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(monitor.ExecuteTask.IsCompleted);
    }
}
