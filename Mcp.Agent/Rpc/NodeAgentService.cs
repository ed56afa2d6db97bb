using Grpc.Core;
using Mcp.Agent.Audit;
using Mcp.Agent.Auth;
using Mcp.Agent.Deploy;
using Mcp.Agent.Deploy.Journal;
using Mcp.Agent.Engine;
using Mcp.Agent.Events;
using Mcp.Agent.Images;
using Mcp.Agent.Node;
using Mcp.Agent.Registry;
using Mcp.Core.Definitions;
using Mcp.Core.Protocol;
using Mcp.V1;
using Definition = Mcp.Core.Definitions.ServiceDefinition;
using OperationKind = Mcp.Core.Operations.OperationKind;

namespace Mcp.Agent.Rpc;

/// <summary>The wire's edge: reads requests, calls the parts behind it, writes answers. Decides nothing.</summary>
internal sealed class NodeAgentService(
    Deployer deployer, OperationHost operations, StatusReader status, ServiceStore services, LogReader logs, EventLog events,
    NodeStatusReader node, EngineWatch engine,
    ImageFinder images, LayerStore layers, ImageReceiver receiver, OperationJournal journal, ReleaseStore releases, AuditLog audit,
    AuditVerifier verifier,
    TimeProvider time)
    : NodeAgent.NodeAgentBase
{
    public override Task Deploy(DeployRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        OperateAsync(request.Wait, responseStream, context, (waiting, token) =>
            deployer.DeployAsync(
                ReadDefinition(request), Optional(request.Component), request.ToOptions(), context.Caller(), waiting, token));

    public override async Task<PlanResponse> Plan(DeployRequest request, ServerCallContext context) => new()
    {
        Plan = (
            await deployer.PlanAsync(
                ReadDefinition(request), Optional(request.Component), request.ToOptions(), context.Caller(), context.End())).ToPlan(),
    };

    public override Task Rollback(RollbackRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        OperateAsync(request.Wait, responseStream, context, (waiting, token) =>
            deployer.RollbackAsync(
                Required(request.Service), request.To == 0 ? null : request.To, request.Force, context.Caller(), waiting, token));

    public override Task Undeploy(UndeployRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        RunAsync(OperationKind.Undeploy, request.Service, request.Component, request.Wait, responseStream, context);

    public override Task Start(ComponentsRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        RunAsync(OperationKind.Start, request.Service, request.Component, request.Wait, responseStream, context);

    public override Task Stop(ComponentsRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        RunAsync(OperationKind.Stop, request.Service, request.Component, request.Wait, responseStream, context);

    public override Task Restart(
        ComponentsRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        RunAsync(OperationKind.Restart, request.Service, request.Component, request.Wait, responseStream, context);

    public override async Task WatchOperation(
        WatchOperationRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context)
    {
        if (operations.Find(request.OperationId) is { } operation)
            await StreamAsync(operation, responseStream, context);
        else
            // From before the agent was restarted: its steps are gone, its outcome is stored.
            await responseStream.WriteAsync(
                (journal.FindEnd(request.OperationId) ?? throw new AgentException(
                    AgentError.NotFound, $"there is no operation {request.OperationId}",
                    "`mcp status` shows what runs, `mcp audit` what was done")).ToWire(),
                context.End());
    }

    public override Task<CancelOperationResponse> CancelOperation(CancelOperationRequest request, ServerCallContext context)
    {
        var operation = operations.Cancel(Required(request.Service), context.Caller());
        return Task.FromResult(new Core.Operations.CancelledOperation(operation.Id, operation.Kind, operation.Actor).ToWire());
    }

    public override Task<ListReleasesResponse> ListReleases(ListReleasesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListReleasesResponse
    {
        Releases = { releases.List(Required(request.Service)).Select(r => r.Release.WithoutSecrets().ToWire()) },
    });

    public override Task GetAudit(GetAuditRequest request, IServerStreamWriter<AuditEntry> responseStream, ServerCallContext context) =>
        responseStream.WriteAllAsync(audit.Query(request.ToRequest()).ToAsyncEnumerable(), ReleaseWire.ToWire, context.End());

    public override Task<VerifyAuditResponse> VerifyAudit(VerifyAuditRequest request, ServerCallContext context) =>
        Task.Run(() => verifier.Verify(request.ExpectedHash, context.End()).ToWire());

    public override Task<ListServicesResponse> ListServices(ListServicesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListServicesResponse
        {
            Services =
            {
                services.List().Select(
                    s => new Core.Status.ServiceSummary(s.Definition.WithoutSecrets(), s.DeployedAt, s.DeployedBy).ToWire()),
            },
        });

    public override async Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context) =>
        (await status.ReadAsync(Optional(request.Service), context.End())).ToWire();

    public override async Task<NodeStatus> GetNodeStatus(GetNodeStatusRequest request, ServerCallContext context)
    {
        var machine = await node.ReadAsync(context.End());
        var components = (await status.ReadAsync(null, context.End())).Services.SelectMany(s => s.Components).ToList();
        // Tasks are not counted: they are not meant to keep running.
        var servers = components.FindAll(c => c.Desired != Core.Status.DesiredState.Completed);
        return (machine with
        {
            Services = components.Select(c => c.Service).Distinct().Count(),
            ComponentsTotal = servers.Count,
            ComponentsRunning = servers.Count(c => c.State == Core.Status.ObservedState.Running),
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
        await BeginAsync(request.Follow, context);
        await responseStream.WriteAllAsync(logs.ReadAsync(request.ToRequest(), context.End()), LogWire.ToWire, context.End());
    }

    public override async Task GetEvents(GetEventsRequest request, IServerStreamWriter<Event> responseStream, ServerCallContext context)
    {
        var asked = request.ToRequest();
        await BeginAsync(asked.Follow, context);
        await responseStream.WriteAllAsync(
            asked.Follow ? events.FollowAsync(asked, context.End()) : events.Query(asked).ToAsyncEnumerable(), LogWire.ToWire,
            context.End());
    }

    public override async Task<FindImagesResponse> FindImages(FindImagesRequest request, ServerCallContext context) =>
        new()
        {
            Images =
            {
                (await engine.PromptAsync(
                    token => images.FindAsync([.. request.Images.Select(ImageIn)], token), context.End())).Select(i => i.ToWire()),
            },
        };

    public override async Task<FindLayersResponse> FindLayers(FindLayersRequest request, ServerCallContext context) =>
        new() { Missing = { await engine.PromptAsync(token => receiver.FindMissingAsync(request.Layers, token), context.End()) } };

    public override async Task SendLayer(
        IAsyncStreamReader<SendLayerRequest> requestStream, IServerStreamWriter<SendLayerResponse> responseStream,
        ServerCallContext context)
    {
        var requests = new LayerRequests(requestStream, time, context.End());
        var header = await requests.HeaderAsync();
        await layers.ReceiveAsync(
            header.Layer, header.Size, requests.ChunksAsync(), bytes => responseStream.WriteAsync(new() { Stored = bytes }, context.End()),
            context.End());
    }

    public override async Task<AddImageResponse> AddImage(AddImageRequest request, ServerCallContext context) =>
        (await receiver.AddAsync(request.Image, request.Config.Memory, context.Caller(), context.End())).ToWire();

    /// <summary>Who follows what may be quiet for hours is told at once that the call is accepted.</summary>
    private static Task BeginAsync(bool follow, ServerCallContext context) =>
        follow ? context.WriteResponseHeadersAsync([]) : Task.CompletedTask;

    private Task RunAsync(
        OperationKind kind, string service, string component, bool wait, IServerStreamWriter<OperationEvent> responseStream,
        ServerCallContext context) =>
        OperateAsync(
            wait, responseStream, context,
            (waiting, token) => deployer.RunAsync(kind, Required(service), Optional(component), context.Caller(), waiting, token));

    private static async Task OperateAsync(
        bool wait, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context,
        Func<Func<Core.Operations.OperationWaiting, Task>?, CancellationToken, Task<Operation>> begin)
    {
        Func<Core.Operations.OperationWaiting, Task>? waiting = wait ? update =>
            responseStream.WriteAsync(update.ToWire(), context.End()) : null;
        var operation = await begin(waiting, context.End());
        context.MarkBegun();
        await StreamAsync(operation, responseStream, context);
    }

    private static async Task StreamAsync(
        Operation operation, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context)
    {
        await foreach (var update in operation.WatchAsync(context.End()))
            await responseStream.WriteAsync(update.ToWire(), context.End());
    }

    private static Definition ReadDefinition(DeployRequest request) =>
        (request.Definition ?? throw new WireException("the request has no definition")).ToDefinition();

    private static string Required(string service) =>
        service.Length > 0
            ? service
            : throw new AgentException(AgentError.InvalidRequest, "the request names no service", "name a service");

    private static string ImageIn(string image) =>
        ImageReference.IsIdOrReference(image) ? image : throw new WireException($"'{image}' is neither an image id nor an image reference");

    private static string? Optional(string text) => text.Length == 0 ? null : text;
}
