using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Mcp.Core.Operations;
using Mcp.Core.Protocol;
using Mcp.Core.Status;
using Mcp.V1;

namespace Mcp.Testing.Agents;

/// <summary>Answers calls with what a test laid ready; refuses any token but <see cref="TestAgent.Token"/>.</summary>
public sealed class ScriptedAgent : NodeAgent.NodeAgentBase
{
    /// <summary>What each call that begins an operation reports; a null update breaks the connection there, once.</summary>
    public List<OperationUpdate?> Updates { get; init; } = [];

    public StreamBreak Break { get; init; }

    /// <summary>Set by the test once its client has seen what comes before the first break.</summary>
    public TaskCompletionSource MayBreak { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<Core.Status.ServiceStatus> Services { get; init; } = [];

    /// <summary>Why the engine can't be asked; empty: it can.</summary>
    public string EngineError { get; init; } = "";

    public List<LogEntry> Lines { get; init; } = [];

    public List<EventEntry> Events { get; init; } = [];

    /// <summary>What a deploy would do.</summary>
    public OperationPlanned? Planned { get; set; }

    public List<Core.Operations.Release> Releases { get; init; } = [];

    public List<Core.Status.AuditEntry> Audit { get; init; } = [];

    /// <summary>What deploys and plans were asked for besides their definition, in order.</summary>
    public List<DeployRequest> Deploys { get; } = [];

    /// <summary>The subjects of calls that were told to wait.</summary>
    public List<string> Waits { get; } = [];

    public Core.Status.NodeStatus Node { get; set; } =
        new() { Hostname = "host", AgentVersion = "0.1.0", EngineName = "podman", EngineVersion = "4.3.1" };

    /// <summary>Every call ends with it, when set.</summary>
    public RpcException? Failure { get; set; }

    /// <summary>Operations report nothing and stay open.</summary>
    public bool Silent { get; init; }

    /// <summary>The answer about the status comes after it.</summary>
    public Func<CancellationToken, Task> Answering { get; init; } = _ => Task.CompletedTask;

    /// <summary>The first call has come.</summary>
    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Followed streams stay open until the caller leaves.</summary>
    public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>"Deploy hello/web", in order.</summary>
    public List<string> Calls { get; } = [];

    public static RpcException Refusal(StatusCode code, string message, string id, string remedy) =>
        new(new Status(code, message),
            new Metadata { { ErrorTrailers.ErrorId, id }, { ErrorTrailers.Remedy, Encoding.UTF8.GetBytes(remedy) } });

    public override Task Deploy(DeployRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context)
    {
        lock (Calls)
            Deploys.Add(request);
        return OperateAsync("Deploy", request.Definition.Name, request.Component, request.Wait, responseStream, context);
    }

    public override Task<PlanResponse> Plan(DeployRequest request, ServerCallContext context)
    {
        lock (Calls)
            Deploys.Add(request);
        Enter("Plan " + Subject(request.Definition.Name, request.Component), context);
        var plan = Planned
            ?? new OperationPlanned("", DateTimeOffset.UnixEpoch, Core.Operations.OperationKind.Deploy, request.Definition.Name, [], []);
        return Task.FromResult(new PlanResponse { Plan = plan.ToPlan() });
    }

    public override Task Rollback(RollbackRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        OperateAsync(
            "Rollback", $"{request.Service} to {request.To}{(request.Force ? " force" : "")}", "", request.Wait, responseStream, context);

    public override Task<ListReleasesResponse> ListReleases(ListReleasesRequest request, ServerCallContext context)
    {
        Enter("ListReleases " + request.Service, context);
        return Task.FromResult(
            new ListReleasesResponse { Releases = { Releases.Where(r => r.Service == request.Service).Select(r => r.ToWire()) } });
    }

    public override Task GetAudit(GetAuditRequest request, IServerStreamWriter<V1.AuditEntry> responseStream, ServerCallContext context) =>
        StreamAsync(
            "GetAudit", Audit.Where(e => request.Service.Length == 0 || e.Service == request.Service).Select(e => e.ToWire()),
            follow: false, responseStream, context);

    public override Task Undeploy(UndeployRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        OperateAsync("Undeploy", request.Service, request.Component, request.Wait, responseStream, context);

    public override Task Start(ComponentsRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        OperateAsync("Start", request.Service, request.Component, request.Wait, responseStream, context);

    public override Task Stop(ComponentsRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        OperateAsync("Stop", request.Service, request.Component, request.Wait, responseStream, context);

    public override Task Restart(
        ComponentsRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        OperateAsync("Restart", request.Service, request.Component, request.Wait, responseStream, context);

    public override Task WatchOperation(
        WatchOperationRequest request, IServerStreamWriter<OperationEvent> responseStream, ServerCallContext context) =>
        OperateAsync("Watch", request.OperationId, "", wait: false, responseStream, context);

    public override Task<ListServicesResponse> ListServices(ListServicesRequest request, ServerCallContext context)
    {
        Enter("ListServices", context);
        var response = new ListServicesResponse();
        response.Services.AddRange(
            Services.Select(s => new Core.Status.ServiceSummary(new() { Name = s.Name }, s.DeployedAt, s.DeployedBy).ToWire()));
        return Task.FromResult(response);
    }

    public override async Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        Enter("GetStatus", context);
        await Answering(context.CancellationToken);
        return new Core.Status.NodeServices([.. Services], EngineError, []).ToWire();
    }

    public override Task<V1.NodeStatus> GetNodeStatus(GetNodeStatusRequest request, ServerCallContext context)
    {
        Enter("GetNodeStatus", context);
        return Task.FromResult(Node.ToWire());
    }

    public override Task<ListRoutesResponse> ListRoutes(ListRoutesRequest request, ServerCallContext context)
    {
        Enter("ListRoutes", context);
        var response = new ListRoutesResponse();
        response.Routes.AddRange(Services.SelectMany(s => s.Components).SelectMany(c => c.Routes).Select(r => r.ToWire()));
        return Task.FromResult(response);
    }

    public override Task GetLogs(GetLogsRequest request, IServerStreamWriter<LogLine> responseStream, ServerCallContext context) =>
        StreamAsync("GetLogs", Lines.Select(l => l.ToWire()), request.Follow, responseStream, context);

    public override Task GetEvents(GetEventsRequest request, IServerStreamWriter<Event> responseStream, ServerCallContext context) =>
        StreamAsync("GetEvents", Events.Select(e => e.ToWire()), request.Follow, responseStream, context);

    private static string Subject(string service, string component) => component.Length > 0 ? $"{service}/{component}" : service;

    private async Task OperateAsync(
        string verb, string subject, string component, bool wait, IServerStreamWriter<OperationEvent> stream, ServerCallContext context)
    {
        Enter($"{verb} {Subject(subject, component)}", context);
        if (wait)
        {
            lock (Calls)
                Waits.Add($"{verb} {Subject(subject, component)}");
        }
        foreach (var (update, index) in Updates.ToList().Select((u, i) => (u, i)))
        {
            if (update is null)
            {
                Updates.RemoveAt(index);
                await BreakAsync(context);
                await UntilLeftAsync(context);
                return;
            }
            await stream.WriteAsync(update.ToWire());
        }
        if (Silent || Updates is [.., not OperationEnded])
            await UntilLeftAsync(context);
    }

    private async Task BreakAsync(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        // An abort discards what has not arrived yet.
        await MayBreak.Task;
        switch (Break)
        {
            case StreamBreak.Connection:
                http.Features.Get<IConnectionLifetimeFeature>()!.Abort();
                break;
            case StreamBreak.Reset:
                http.Features.Get<IHttpResetFeature>()!.Reset(0x2);
                break;
            case StreamBreak.Cancelled:
                http.Features.Get<IHttpResetFeature>()!.Reset(0x8);
                break;
            default:
                throw Refusal(StatusCode.Unavailable, "the agent is stopping", "agent-stopping", "try again");
        }
    }

    private async Task StreamAsync<T>(
        string verb, IEnumerable<T> items, bool follow, IServerStreamWriter<T> stream, ServerCallContext context)
    {
        Enter(verb, context);
        foreach (var item in items)
            await stream.WriteAsync(item);
        if (follow)
            await UntilLeftAsync(context);
    }

    private async Task UntilLeftAsync(ServerCallContext context)
    {
        using var registration = context.CancellationToken.Register(() => Left.TrySetResult());
        await Left.Task;
    }

    private void Enter(string call, ServerCallContext context)
    {
        lock (Calls)
            Calls.Add(call);
        Entered.TrySetResult();
        if (context.RequestHeaders.GetValue("authorization") != "Bearer " + TestAgent.Token)
            throw Refusal(StatusCode.Unauthenticated, "unknown token", "token-wrong", "make a new one");
        if (Failure is not null)
            throw Failure;
    }
}

/// <summary>How a connection breaks in the middle of a stream.</summary>
public enum StreamBreak
{
    /// <summary>The TCP connection ends.</summary>
    Connection,

    /// <summary>RST_STREAM with INTERNAL_ERROR.</summary>
    Reset,

    /// <summary>RST_STREAM with CANCEL, as a server that is shut down sends it.</summary>
    Cancelled,

    /// <summary>The agent says that it is stopping.</summary>
    Stopping,
}
