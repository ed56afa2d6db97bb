using Google.Protobuf;
using Grpc.Core;
using Mcp.Agent.Auth;
using Mcp.Core.Protocol;
using Mcp.V1;

namespace Mcp.Agent.Tests.Hosting;

/// <summary>What an agent answers to requests that it cannot read in full.</summary>
public sealed class NewerClientTests
{
    // Field 999, a varint.
    private static readonly byte[] Field999 = [0xb8, 0x3e, 0x01];

    [Fact]
    public async Task Deploy_FieldThatTheAgentDoesNotKnow_IsRefusedByName()
    {
        var component = ComponentDefinition.Parser.ParseFrom([.. Web().ToByteArray(), .. Field999]);

        var error = await RefusalAsync((client, headers) => client.Deploy(Request(component), headers).ResponseStream.MoveNext(default));

        Assert.Equal((StatusCode.InvalidArgument, "agent-too-old"), Answer(error));
        Assert.StartsWith(
            "the request has field 999 of ComponentDefinition, which this agent (version ", error.Status.Detail, StringComparison.Ordinal);
        Assert.EndsWith("does not know: it needs a newer agent", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_EnumValueThatTheAgentDoesNotKnow_IsRefusedByName()
    {
        var component = Web();
        component.Kind = (ComponentKind)9;

        var error = await RefusalAsync(async (client, headers) => await client.PlanAsync(Request(component), headers));

        Assert.Equal((StatusCode.InvalidArgument, "agent-too-old"), Answer(error));
        Assert.StartsWith("the request has value 9 in kind of ComponentDefinition, which", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendLayer_FieldThatTheAgentDoesNotKnow_IsRefusedByName()
    {
        var error = await RefusalAsync(async (client, headers) =>
        {
            using var call = client.SendLayer(headers);
            await call.RequestStream.WriteAsync(new() { Header = LayerHeader.Parser.ParseFrom(Field999) });
            await call.ResponseStream.MoveNext(default);
        });

        Assert.Equal((StatusCode.InvalidArgument, "agent-too-old"), Answer(error));
    }

    [Fact]
    public async Task Plan_PortThatIsNone_IsRefusedWithTheField()
    {
        var component = Web();
        component.Ports.Add("eighty");

        var error = await RefusalAsync(async (client, headers) => await client.PlanAsync(Request(component), headers));

        Assert.Equal((StatusCode.InvalidArgument, "invalid-request"), Answer(error));
        Assert.StartsWith("ports of component 'web' has 'eighty'", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_NoDefinition_IsRefused()
    {
        var error = await RefusalAsync(async (client, headers) => await client.PlanAsync(new(), headers));

        Assert.Equal((StatusCode.InvalidArgument, "the request has no definition"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task GetEvents_TimeOutOfRange_IsRefusedWithTheField()
    {
        var error = await RefusalAsync((client, headers) =>
            client.GetEvents(new() { Since = new() { Seconds = long.MaxValue } }, headers).ResponseStream.MoveNext(default));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.StartsWith("since is not a point in time", error.Status.Detail, StringComparison.Ordinal);
    }

    private static ComponentDefinition Web() => new() { Name = "web", Image = "img:v1" };

    private static DeployRequest Request(ComponentDefinition component) =>
        new() { Definition = new() { Name = "shop", Active = true, Components = { component } } };

    private static (StatusCode Code, string? Id) Answer(RpcException error) =>
        (error.StatusCode, error.Trailers.GetValue(ErrorTrailers.ErrorId));

    private static async Task<RpcException> RefusalAsync(Func<NodeAgent.NodeAgentClient, Metadata, Task> call)
    {
        await using var agent = await RunningAgent.StartAsync();
        var client = agent.Client(out var channel);
        using var _ = channel;
        var headers = RunningAgent.Bearer(await agent.TokenAsync(Role.Admin));
        var error = await Assert.ThrowsAsync<RpcException>(() => call(client, headers));

        Assert.Empty(agent.Engine.Containers);
        return error;
    }
}
