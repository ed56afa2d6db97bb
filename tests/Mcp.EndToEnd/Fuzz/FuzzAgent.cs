using System.Net.Security;
using System.Security.Authentication;
using Grpc.Core;
using Grpc.Net.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Fuzz;

/// <summary>A real agent on real podman with a token of each role, called with bytes that no client would send.</summary>
internal sealed class FuzzAgent : IAsyncDisposable
{
    /// <summary>"none" has no token, "wrong" one that the agent does not know.</summary>
    public static readonly IReadOnlyList<string> Callers = ["none", "wrong", "viewer", "operator", "admin"];

    // By hand, so that a mistake in the agent's own table is found.
    private static readonly Dictionary<string, string> Least = new(StringComparer.Ordinal)
    {
        ["/grpc.health.v1.Health/Check"] = "none",
        ["/grpc.health.v1.Health/Watch"] = "viewer",
        ["/mcp.v1.NodeAgent/GetStatus"] = "viewer",
        ["/mcp.v1.NodeAgent/ListServices"] = "viewer",
        ["/mcp.v1.NodeAgent/GetNodeStatus"] = "viewer",
        ["/mcp.v1.NodeAgent/ListRoutes"] = "viewer",
        ["/mcp.v1.NodeAgent/ListReleases"] = "viewer",
        ["/mcp.v1.NodeAgent/FindImages"] = "viewer",
        ["/mcp.v1.NodeAgent/FindLayers"] = "viewer",
        ["/mcp.v1.NodeAgent/WatchOperation"] = "viewer",
        ["/mcp.v1.NodeAgent/CancelOperation"] = "operator",
        ["/mcp.v1.NodeAgent/VerifyAudit"] = "operator",
        ["/mcp.v1.NodeAgent/GetLogs"] = "viewer",
        ["/mcp.v1.NodeAgent/GetEvents"] = "viewer",
    };

    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(5);

    private readonly RunningAgent _agent;
    private readonly GrpcChannel _channel;
    private readonly Dictionary<string, string> _tokens;

    private FuzzAgent(RunningAgent agent, GrpcChannel channel, Dictionary<string, string> tokens, Uri address) =>
        (_agent, _channel, _tokens, Address) = (agent, channel, tokens, address);

    public Uri Address { get; }

    public long Resident => Hardening.HardeningTable.Resident(_agent.Pid);

    public string Output => _agent.Output;

    public static async Task<FuzzAgent> StartAsync(string directory, string engineSocket)
    {
        var agent = await RunningAgent.StartAsync(directory, engineSocket);
        var node = WorkstationConfig.Load(WorkstationEnvironment.Current, Path.Combine(directory, "mcp.toml")).SelectNode(null);
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal) { ["wrong"] = "mcp_" + new string('x', 43) };
        foreach (var role in Callers.Except(["none", "wrong"]))
            tokens[role] = Hardening.ServiceAgent.TokenIn(await ChildProcess.RunAsync(
                Programs.Agent, ["token", "create", "--name", "fuzz-" + role, "--role", role, "--dir", directory]));
        var address = node.Address;
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                SslOptions = new SslClientAuthenticationOptions
                {
                    EnabledSslProtocols = SslProtocols.Tls13,
                    // What is under test is the agent's own certificate's owner; the client's trust has tests of its own.
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
                },
            },
        });
        return new(agent, channel, tokens, address);
    }

    /// <returns>What is wrong with how the agent took it; null: nothing.</returns>
    public async Task<string?> FaultAsync(FuzzCall call)
    {
        var answer = await CallAsync(call);
        return (answer?.StatusCode, IsPermitted(call)) switch
        {
            // What gRPC's server answers to bytes that are no message, and to nothing else.
            (StatusCode.Unknown, true) when !call.IsReadable => null,
            (StatusCode.Internal or StatusCode.Unknown, _) => $"the agent answered {answer}",
            (StatusCode.Unavailable, _) => "the agent could not be reached",
            (null, _) => $"no answer within {Hang.TotalSeconds:0} s",
            (StatusCode.Unauthenticated, false) or (StatusCode.PermissionDenied, false) => null,
            (_, false) => $"{call.Caller} is not permitted to call {call.Method}, and got {answer}",
            (StatusCode.Unauthenticated or StatusCode.PermissionDenied, true) => $"{call.Caller} was refused with {answer}",
            _ => null,
        };
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _agent.DisposeAsync();
    }

    private static bool IsPermitted(FuzzCall call)
    {
        var least = Least.GetValueOrDefault(call.Method, "operator");
        return least == "none" || Callers.ToList().IndexOf(call.Caller) >= Callers.ToList().IndexOf(least);
    }

    /// <summary>null: neither an answer nor an end in time. A stream that has no end of its own is left once it has begun.</summary>
    private async Task<Status?> CallAsync(FuzzCall call)
    {
        var bytes = Marshallers.Create(b => b, b => b);
        var parts = call.Method.Split('/');
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, parts[1], parts[2], bytes, bytes);
        var headers = new Metadata();
        if (_tokens.TryGetValue(call.Caller, out var token))
            headers.Add("authorization", "Bearer " + token);
        using var end = new CancellationTokenSource(Hang);
        using var running = _channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, null, new(headers, null, end.Token));
        var isBegun = false;
        try
        {
            await SendAsync(running, call, end.Token);
            await running.ResponseHeadersAsync.WaitAsync(end.Token);
            // The agent has accepted it: whoever follows what may never end has seen enough after a moment.
            isBegun = IsPermitted(call) && parts[2] is "GetLogs" or "GetEvents" or "Watch" or "WatchOperation";
            if (isBegun)
                end.CancelAfter(TimeSpan.FromMilliseconds(20));
            while (await running.ResponseStream.MoveNext(end.Token))
            {
            }
            return running.GetStatus();
        }
        catch (RpcException e) when (e.StatusCode != StatusCode.Cancelled || !end.IsCancellationRequested)
        {
            return e.Status;
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            return isBegun ? Status.DefaultSuccess : null;
        }
    }

    private static async Task SendAsync(AsyncDuplexStreamingCall<byte[], byte[]> running, FuzzCall call, CancellationToken end)
    {
        try
        {
            foreach (var request in call.Requests)
                await running.RequestStream.WriteAsync(request, end);
            await running.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or OperationCanceledException)
        {
            // The agent may refuse a call before all of it was sent: the answer tells.
        }
    }
}
