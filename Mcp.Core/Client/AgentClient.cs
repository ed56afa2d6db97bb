using Grpc.Core;
using Grpc.Net.Client;
using Mcp.Core.Client.Connections;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Core.Protocol;
using Mcp.Core.Status;
using Mcp.V1;

namespace Mcp.Core.Client;

/// <summary>One node's agent. Connects at the first call, keeps the connection, and may be used from many threads.
/// Every failure is an <see cref="McpException"/>, or an <see cref="OperationCanceledException"/> when the caller cancelled.</summary>
public sealed partial class AgentClient : IDisposable
{
    // A definition, a status or a log line is far smaller; this only keeps a confused server from filling the memory.
    private const int MaxMessageSize = 16 * 1024 * 1024;

    private readonly GrpcChannel _channel;
    private readonly NodeAgent.NodeAgentClient _agent;
    private readonly AgentClientOptions _options;
    private readonly Metadata _headers;

    /// <exception cref="McpException">The node's token can't be read.</exception>
    public AgentClient(NodeConfig node, AgentClientOptions options)
    {
        Node = node;
        _options = options;
        _headers = new Metadata { { "authorization", "Bearer " + node.ReadToken().Reveal() } };
        _channel = GrpcChannel.ForAddress(node.Address, new GrpcChannelOptions
        {
            HttpHandler = NodeHttp.Create(node, options),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxMessageSize,
        });
        _agent = new NodeAgent.NodeAgentClient(_channel);
    }

    public NodeConfig Node { get; }

    /// <summary>Brings a service, or one component of it, to what its definition says. Leaving the stream does not stop the operation.</summary>
    public IAsyncEnumerable<OperationUpdate> DeployAsync(Definitions.ServiceDefinition definition, string? component, DeployTerms terms, CancellationToken cancellationToken) =>
        Follow(o => _agent.Deploy(terms.ToWire(definition, component), o), cancellationToken);

    /// <summary>What <see cref="DeployAsync"/> would do. Changes nothing.</summary>
    public Task<OperationPlanned> PlanAsync(Definitions.ServiceDefinition definition, string? component, DeployTerms terms, CancellationToken cancellationToken) =>
        AskAsync(async o => (await _agent.PlanAsync(terms.ToWire(definition, component), o)).Plan.ToPlanned("", TimeProvider.System.GetUtcNow()), cancellationToken);

    /// <summary>Deploys an earlier release again. Leaving the stream does not stop the operation.</summary>
    /// <param name="to">A release's number; null: the last good one before what runs now.</param>
    /// <param name="force">Replace also what is unchanged.</param>
    /// <param name="wait">While another operation has the service: wait for it instead of failing.</param>
    public IAsyncEnumerable<OperationUpdate> RollbackAsync(string service, int? to, bool force, bool wait, CancellationToken cancellationToken) =>
        Follow(o => _agent.Rollback(new RollbackRequest { Service = service, To = to ?? 0, Force = force, Wait = wait }, o), cancellationToken);

    /// <summary>Stops and removes a service's containers (or one component's) and frees its ports.</summary>
    public IAsyncEnumerable<OperationUpdate> UndeployAsync(string service, string? component, bool wait, CancellationToken cancellationToken) =>
        Follow(o => _agent.Undeploy(new UndeployRequest { Service = service, Component = component ?? "", Wait = wait }, o), cancellationToken);

    public IAsyncEnumerable<OperationUpdate> StartAsync(string service, string? component, bool wait, CancellationToken cancellationToken) =>
        Follow(o => _agent.Start(Components(service, component, wait), o), cancellationToken);

    public IAsyncEnumerable<OperationUpdate> StopAsync(string service, string? component, bool wait, CancellationToken cancellationToken) =>
        Follow(o => _agent.Stop(Components(service, component, wait), o), cancellationToken);

    public IAsyncEnumerable<OperationUpdate> RestartAsync(string service, string? component, bool wait, CancellationToken cancellationToken) =>
        Follow(o => _agent.Restart(Components(service, component, wait), o), cancellationToken);

    /// <summary>All that an operation has reported so far, then what it reports until its end.</summary>
    public IAsyncEnumerable<OperationUpdate> WatchOperationAsync(string operationId, CancellationToken cancellationToken) =>
        Follow(o => _agent.WatchOperation(new WatchOperationRequest { OperationId = operationId }, o), cancellationToken);

    /// <summary>What is deployed, as the agent's registry database has it.</summary>
    public Task<ValueList<Status.ServiceSummary>> ListServicesAsync(CancellationToken cancellationToken) =>
        AskAsync(async o => (await _agent.ListServicesAsync(new ListServicesRequest(), o)).Services.Select(s => s.ToSummary()).ToValueList(), cancellationToken);

    /// <param name="service">null: all.</param>
    public Task<ValueList<Status.ServiceStatus>> GetStatusAsync(string? service, CancellationToken cancellationToken) =>
        AskAsync(
            async o => (await _agent.GetStatusAsync(new GetStatusRequest { Service = service ?? "" }, o)).Services.Select(s => s.ToStatus()).ToValueList(),
            cancellationToken);

    public Task<Status.NodeStatus> GetNodeStatusAsync(CancellationToken cancellationToken) =>
        AskAsync(async o => (await _agent.GetNodeStatusAsync(new GetNodeStatusRequest(), o)).ToStatus(), cancellationToken);

    /// <param name="service">null: all.</param>
    public Task<ValueList<Status.RouteStatus>> ListRoutesAsync(string? service, CancellationToken cancellationToken) =>
        AskAsync(
            async o => (await _agent.ListRoutesAsync(new ListRoutesRequest { Service = service ?? "" }, o)).Routes.Select(r => r.ToStatus()).ToValueList(),
            cancellationToken);

    public IAsyncEnumerable<LogEntry> GetLogsAsync(LogRequest request, CancellationToken cancellationToken) =>
        RpcStream.ReadAsync(_agent.GetLogs(request.ToWire(), Options(cancellationToken)), LogWire.ToEntry, Node, cancellationToken);

    /// <summary>Stored events, oldest first; with follow, new ones as they happen.</summary>
    public IAsyncEnumerable<EventEntry> GetEventsAsync(EventRequest request, CancellationToken cancellationToken) =>
        RpcStream.ReadAsync(_agent.GetEvents(request.ToWire(), Options(cancellationToken)), LogWire.ToEntry, Node, cancellationToken);

    /// <summary>The deploys of a service that are kept, newest first; values of the environment are hidden.</summary>
    public Task<ValueList<Operations.Release>> ListReleasesAsync(string service, CancellationToken cancellationToken) =>
        AskAsync(
            async o => (await _agent.ListReleasesAsync(new ListReleasesRequest { Service = service }, o)).Releases.Select(r => r.ToRelease()).ToValueList(),
            cancellationToken);

    /// <summary>Who did what, oldest first.</summary>
    public IAsyncEnumerable<Status.AuditEntry> GetAuditAsync(AuditRequest request, CancellationToken cancellationToken) =>
        RpcStream.ReadAsync(_agent.GetAudit(request.ToWire(), Options(cancellationToken)), ReleaseWire.ToEntry, Node, cancellationToken);

    public void Dispose() => _channel.Dispose();

    private static ComponentsRequest Components(string service, string? component, bool wait) => new() { Service = service, Component = component ?? "", Wait = wait };

    private CallOptions Options(CancellationToken cancellationToken) => new(_headers, cancellationToken: cancellationToken);

    private async Task<T> AskAsync<T>(Func<CallOptions, Task<T>> call, CancellationToken cancellationToken)
    {
        // gRPC compares deadlines with the machine's own clock, whatever clock the caller lives by.
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + _options.CallTimeout;
        try
        {
            return await call(Options(cancellationToken).WithDeadline(deadline)).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            throw RpcError.From(e, Node, cancellationToken);
        }
        catch (WireException e)
        {
            throw RpcError.From(e, Node);
        }
    }

    private IAsyncEnumerable<OperationUpdate> Follow(Func<CallOptions, AsyncServerStreamingCall<OperationEvent>> start, CancellationToken cancellationToken) =>
        new OperationStream(Node, _options,
            (operationId, token) => RpcStream.ReadAsync(
                operationId is null ? start(Options(token)) : _agent.WatchOperation(new WatchOperationRequest { OperationId = operationId }, Options(token)),
                OperationWire.ToUpdate, Node, token).OfType<OperationUpdate>()).ReadAsync(cancellationToken);
}
