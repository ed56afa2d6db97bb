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
    public IAsyncEnumerable<OperationUpdate> DeployAsync(Definitions.ServiceDefinition definition, string? component, ImagePins images, CancellationToken cancellationToken) =>
        Follow(o => _agent.Deploy(images.ToWire(definition, component), o), cancellationToken);

    /// <summary>Stops and removes a service's containers (or one component's) and frees its ports.</summary>
    public IAsyncEnumerable<OperationUpdate> UndeployAsync(string service, string? component, CancellationToken cancellationToken) =>
        Follow(o => _agent.Undeploy(new UndeployRequest { Service = service, Component = component ?? "" }, o), cancellationToken);

    public IAsyncEnumerable<OperationUpdate> StartAsync(string service, string? component, CancellationToken cancellationToken) =>
        Follow(o => _agent.Start(Components(service, component), o), cancellationToken);

    public IAsyncEnumerable<OperationUpdate> StopAsync(string service, string? component, CancellationToken cancellationToken) =>
        Follow(o => _agent.Stop(Components(service, component), o), cancellationToken);

    public IAsyncEnumerable<OperationUpdate> RestartAsync(string service, string? component, CancellationToken cancellationToken) =>
        Follow(o => _agent.Restart(Components(service, component), o), cancellationToken);

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
        RpcStream.ReadAsync(_agent.GetLogs(request.ToWire(), Options(cancellationToken)), Node, cancellationToken).Select(line => line.ToEntry());

    /// <summary>Stored events, oldest first; with follow, new ones as they happen.</summary>
    public IAsyncEnumerable<EventEntry> GetEventsAsync(EventRequest request, CancellationToken cancellationToken) =>
        RpcStream.ReadAsync(_agent.GetEvents(request.ToWire(), Options(cancellationToken)), Node, cancellationToken).Select(e => e.ToEntry());

    public void Dispose() => _channel.Dispose();

    private static ComponentsRequest Components(string service, string? component) => new() { Service = service, Component = component ?? "" };

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
    }

    private IAsyncEnumerable<OperationUpdate> Follow(Func<CallOptions, AsyncServerStreamingCall<OperationEvent>> start, CancellationToken cancellationToken) =>
        new OperationStream(Node, _options,
            (operationId, token) => RpcStream.ReadAsync(
                operationId is null ? start(Options(token)) : _agent.WatchOperation(new WatchOperationRequest { OperationId = operationId }, Options(token)),
                Node, token).Select(e => e.ToUpdate()).OfType<OperationUpdate>()).ReadAsync(cancellationToken);
}
