using Grpc.Core;
using Mcp.Agent.Auth;
using Mcp.Agent.Deploy;
using Mcp.Agent.Events;
using Mcp.Agent.Images;
using Mcp.Agent.Node;
using Mcp.Agent.Registry;
using Mcp.Core.Protocol;
using Mcp.V1;
using Definition = Mcp.Core.Definitions.ServiceDefinition;

namespace Mcp.Agent.Rpc;

/// <summary>The wire's edge: reads requests, asks the parts behind it, writes answers. Decides nothing.</summary>
internal sealed class NodeAgentService(
    Deployer deployer, OperationHost operations, StatusReader status, ServiceStore services, LogReader logs, EventLog events, NodeStatusReader node,
    ImageFinder images, ImageReceiver receiver)
    : NodeAgent.NodeAgentBase
{
    public override async Task Deploy(DeployRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        await StreamAsync(
            await deployer.DeployAsync(ReadDefinition(request), Optional(request.Component), request.ToPins(), context.Caller(), context.CancellationToken), responseStream, context);

    public override async Task Undeploy(UndeployRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        await StreamAsync(
            await deployer.UndeployAsync(Required(request.Service), Optional(request.Component), context.Caller(), context.CancellationToken), responseStream, context);

    public override async Task Start(ComponentsRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        await StreamAsync(
            await deployer.StartAsync(Required(request.Service), Optional(request.Component), restart: false, context.Caller(), context.CancellationToken), responseStream, context);

    public override async Task Stop(ComponentsRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        await StreamAsync(
            await deployer.StopAsync(Required(request.Service), Optional(request.Component), context.Caller(), context.CancellationToken), responseStream, context);

    public override async Task Restart(ComponentsRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        await StreamAsync(
            await deployer.StartAsync(Required(request.Service), Optional(request.Component), restart: true, context.Caller(), context.CancellationToken), responseStream, context);

    public override async Task WatchOperation(WatchOperationRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context)
    {
        var operation = operations.Find(request.OperationId)
            ?? throw new AgentException(AgentError.NotFound, $"there is no operation {request.OperationId} since the agent was started", "`mcp status` shows how things stand");
        await StreamAsync(operation, responseStream, context);
    }

    public override Task<ListServicesResponse> ListServices(ListServicesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListServicesResponse
        {
            Services = { services.List().Select(s => new Core.Status.ServiceSummary(s.Definition, s.DeployedAt, s.DeployedBy).ToWire()) },
        });

    public override async Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context) => new()
    {
        Services = { (await status.ReadAsync(Optional(request.Service), context.CancellationToken)).Select(s => s.ToWire()) },
    };

    public override async Task<NodeStatus> GetNodeStatus(GetNodeStatusRequest request, ServerCallContext context)
    {
        var machine = await node.ReadAsync(context.CancellationToken);
        var components = (await status.ReadAsync(null, context.CancellationToken)).SelectMany(s => s.Components).ToList();
        return (machine with
        {
            Services = components.Select(c => c.Service).Distinct().Count(),
            ComponentsTotal = components.Count,
            ComponentsRunning = components.Count(c => c.State == Core.Status.ObservedState.Running),
        }).ToWire();
    }

    public override Task<ListRoutesResponse> ListRoutes(ListRoutesRequest request, ServerCallContext context)
    {
        var chosen = Optional(request.Service) is { } service ? [status.Find(service)] : services.List();
        return Task.FromResult(new ListRoutesResponse
        {
            Routes = { chosen.SelectMany(s => s.Components.SelectMany(c => StatusReader.Routes(s, c))).Select(r => r.ToWire()) },
        });
    }

    public override async Task GetLogs(GetLogsRequest request, IServerStreamWriter<LogLine> responseStream, ServerCallContext context)
    {
        Required(request.Service);
        await foreach (var line in logs.ReadAsync(request.ToRequest(), context.CancellationToken))
            await responseStream.WriteAsync(line.ToWire(), context.CancellationToken);
    }

    public override async Task GetEvents(GetEventsRequest request, IServerStreamWriter<Event> responseStream, ServerCallContext context)
    {
        var asked = request.ToRequest();
        var entries = asked.Follow ? events.FollowAsync(asked, context.CancellationToken) : events.Query(asked).ToAsyncEnumerable();
        await foreach (var entry in entries)
            await responseStream.WriteAsync(entry.ToWire(), context.CancellationToken);
    }

    public override async Task<FindImagesResponse> FindImages(FindImagesRequest request, ServerCallContext context)
    {
        var found = await images.FindAsync(request.Images, request.Layers, context.CancellationToken);
        return new() { Images = { found.Images.Select(i => i.ToWire()) }, Layers = { found.Layers } };
    }

    public override async Task<LoadImageResponse> LoadImage(IAsyncStreamReader<LoadImageRequest> requestStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.PartCase != LoadImageRequest.PartOneofCase.Header)
            throw new AgentException(AgentError.InvalidRequest, "the transfer does not begin with its header", "use a client of the agent's version");
        var header = requestStream.Current.Header.ToLoad();
        await using var archive = new ArchiveStream(requestStream, context.CancellationToken);
        var loaded = await receiver.ReceiveAsync(header, archive, context.Caller(), context.CancellationToken);
        return new() { Images = { loaded.Select(i => i.ToWire()) }, Received = archive.Received };
    }

    private static async Task StreamAsync(Operation operation, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context)
    {
        await foreach (var update in operation.WatchAsync(context.CancellationToken))
            await responseStream.WriteAsync(update.ToWire(), context.CancellationToken);
    }

    private static Definition ReadDefinition(DeployRequest request)
    {
        try
        {
            return (request.Definition ?? throw new ArgumentException("there is no definition in the request")).ToDefinition();
        }
        catch (ArgumentException e)
        {
            throw new AgentException(AgentError.InvalidDefinition, e.Message, "mend the definition; when it is right, the client and the agent may be of different versions");
        }
    }

    private static string Required(string service) =>
        service.Length > 0 ? service : throw new AgentException(AgentError.InvalidRequest, "the request names no service", "name a service");

    private static string? Optional(string text) => text.Length == 0 ? null : text;
}
