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

    private static readonly Marshaller<byte[]> Bytes = new(bytes => bytes, bytes => bytes);
    private static readonly Method<byte[], byte[]> HealthCheck = new(MethodType.Unary, "grpc.health.v1.Health", "Check", Bytes, Bytes);

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

    /// <summary>Connects before there is anything to ask. Never fails: the first call tells what is wrong.</summary>
    internal async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Any call opens the connection; this one needs no rights and no work.
            using var call = _channel.CreateCallInvoker().AsyncUnaryCall(HealthCheck, null, Options(cancellationToken), []);
            await call.ConfigureAwait(false);
        }
        catch (RpcException)
        {
        }
    }

    /// <summary>Brings a service, or one component of it, to what its definition says. Leaving the stream does not stop the
    /// operation.</summary>
    public IAsyncEnumerable<OperationUpdate> DeployAsync(
        Definitions.ServiceDefinition definition, string? component, OperationOptions options, CancellationToken cancellationToken) =>
        Follow(o => _agent.Deploy(options.ToWire(definition, component), o), cancellationToken);

    /// <summary>What <see cref="DeployAsync"/> would do. Changes nothing.</summary>
    public Task<OperationPlanned> PlanAsync(
        Definitions.ServiceDefinition definition, string? component, OperationOptions options, CancellationToken cancellationToken) =>
        AskAsync(
            async o =>
                (await _agent.PlanAsync(options.ToWire(definition, component), o)).Plan.ToPlanned("", TimeProvider.System.GetUtcNow()),
                cancellationToken);

    /// <summary>Deploys an earlier release again. Leaving the stream does not stop the operation.</summary>
    /// <param name="to">A release's number; null: the last successful one before the current release.</param>
    public IAsyncEnumerable<OperationUpdate> RollbackAsync(
        string service, int? to, OperationOptions options, CancellationToken cancellationToken) =>
        Follow(
            o => _agent.Rollback(new RollbackRequest { Service = service, To = to ?? 0, Force = options.Force, Wait = options.Wait }, o),
            cancellationToken);

    /// <summary>Starts, stops, restarts or undeploys a service or one component of it. Leaving the stream does not stop the
    /// operation.</summary>
    /// <param name="component">null: all of them.</param>
    public IAsyncEnumerable<OperationUpdate> RunAsync(
        Operations.OperationKind kind, string service, string? component, OperationOptions options, CancellationToken cancellationToken)
    {
        var request = new ComponentsRequest { Service = service, Component = component ?? "", Wait = options.Wait };
        return kind switch
        {
            Operations.OperationKind.Start => Follow(o => _agent.Start(request, o), cancellationToken),
            Operations.OperationKind.Stop => Follow(o => _agent.Stop(request, o), cancellationToken),
            Operations.OperationKind.Restart => Follow(o => _agent.Restart(request, o), cancellationToken),
            Operations.OperationKind.Undeploy => Follow(
                o => _agent.Undeploy(new UndeployRequest { Service = service, Component = component ?? "", Wait = options.Wait }, o),
                cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "deploy and rollback have methods of their own"),
        };
    }

    /// <summary>All that an operation has reported so far, then what it reports until its end.</summary>
    public IAsyncEnumerable<OperationUpdate> WatchOperationAsync(string operationId, CancellationToken cancellationToken) =>
        Follow(o => _agent.WatchOperation(new WatchOperationRequest { OperationId = operationId }, o), cancellationToken);

    /// <summary>Has the operation that runs on a service end and take back what it has done; does not wait for its end.</summary>
    public Task<CancelledOperation> CancelOperationAsync(string service, CancellationToken cancellationToken) =>
        AskAsync(
            async o => (await _agent.CancelOperationAsync(new CancelOperationRequest { Service = service }, o)).ToCancelled(),
            cancellationToken);

    /// <summary>What is deployed, as the agent's registry database has it.</summary>
    public Task<ValueList<Status.ServiceSummary>> ListServicesAsync(CancellationToken cancellationToken) =>
        AskAsync(
            async o => (await _agent.ListServicesAsync(new ListServicesRequest(), o)).Services.Select(s => s.ToSummary()).ToValueList(),
            cancellationToken);

    /// <param name="service">null: all.</param>
    public Task<NodeServices> GetStatusAsync(string? service, CancellationToken cancellationToken) =>
        AskAsync(
            async o => (await _agent.GetStatusAsync(new GetStatusRequest { Service = service ?? "" }, o)).ToStatus(), cancellationToken);

    public Task<Status.NodeStatus> GetNodeStatusAsync(CancellationToken cancellationToken) =>
        AskAsync(async o => (await _agent.GetNodeStatusAsync(new GetNodeStatusRequest(), o)).ToStatus(), cancellationToken);

    /// <param name="service">null: all.</param>
    public Task<ValueList<Status.RouteStatus>> ListRoutesAsync(string? service, CancellationToken cancellationToken) =>
        AskAsync(
            async o => (await _agent.ListRoutesAsync(new ListRoutesRequest { Service = service ?? "" }, o)).Routes.Select(r => r.ToStatus())
                .ToValueList(),
            cancellationToken);

    public IAsyncEnumerable<LogEntry> GetLogsAsync(LogRequest request, CancellationToken cancellationToken) =>
        RpcStream.ReadAsync(_agent.GetLogs(request.ToWire(), Options(cancellationToken)), LogWire.ToEntry, Node, cancellationToken);

    /// <summary>Stored events, oldest first; with follow, new ones as they happen.</summary>
    public IAsyncEnumerable<EventEntry> GetEventsAsync(EventRequest request, CancellationToken cancellationToken) =>
        RpcStream.ReadAsync(_agent.GetEvents(request.ToWire(), Options(cancellationToken)), LogWire.ToEntry, Node, cancellationToken);

    /// <summary>The deploys of a service that are kept, newest first; values of the environment are hidden.</summary>
    public Task<ValueList<Operations.Release>> ListReleasesAsync(string service, CancellationToken cancellationToken) =>
        AskAsync(
            async o =>
                (await _agent.ListReleasesAsync(new ListReleasesRequest { Service = service }, o)).Releases.Select(r => r.ToRelease())
                    .ToValueList(),
            cancellationToken);

    /// <summary>Who did what, oldest first.</summary>
    public IAsyncEnumerable<Status.AuditEntry> GetAuditAsync(AuditRequest request, CancellationToken cancellationToken) =>
        RpcStream.ReadAsync(_agent.GetAudit(request.ToWire(), Options(cancellationToken)), ReleaseWire.ToEntry, Node, cancellationToken);

    /// <summary>Whether entries of the audit were changed or removed.</summary>
    /// <param name="expected">A hash that the audit had; empty: none is known.</param>
    public Task<AuditCheck> VerifyAuditAsync(string expected, CancellationToken cancellationToken) =>
        AskAsync(
            async o => (await _agent.VerifyAuditAsync(new VerifyAuditRequest { ExpectedHash = expected }, o)).ToCheck(), cancellationToken);

    public void Dispose() => _channel.Dispose();

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

    private IAsyncEnumerable<OperationUpdate> Follow(
        Func<CallOptions, AsyncServerStreamingCall<OperationEvent>> start, CancellationToken cancellationToken) =>
        new OperationStream(Node, _options,
            (operationId, token) => RpcStream.ReadAsync(
                operationId is null
                    ? start(Options(token))
                    : _agent.WatchOperation(new WatchOperationRequest { OperationId = operationId }, Options(token)),
                OperationWire.ToUpdate, Node, token).OfType<OperationUpdate>()).ReadAsync(cancellationToken);
}
