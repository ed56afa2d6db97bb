using Grpc.Core;
using Mcp.Agent.Auth;
using Mcp.Agent.Rpc;
using Microsoft.AspNetCore.Http;

namespace Mcp.Agent.Tests.Rpc;

/// <summary>A call as far as interceptors look at it.</summary>
internal sealed class FakeCallContext : ServerCallContext
{
    private readonly string _method;

    /// <param name="role">null: no caller.</param>
    public FakeCallContext(string method, Role? role)
    {
        _method = method;
        var http = new DefaultHttpContext();
        if (role is { } known)
            http.SetCaller(new("otto", known, Peer));
        // Where gRPC's GetHttpContext() looks for it in contexts that are not its own.
        UserState["__HttpContext"] = http;
    }

    protected override string MethodCore => _method;

    protected override string HostCore => "localhost";

    protected override string PeerCore => "ipv4:10.0.0.1:40000";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => default;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException();
}
