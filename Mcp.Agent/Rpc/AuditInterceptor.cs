using Grpc.Core;
using Grpc.Core.Interceptors;
using Mcp.Agent.Audit;
using Mcp.Agent.Auth;
using Mcp.V1;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Rpc;

/// <summary>Notes what was tried and never began: denied by the role, or refused for what was asked. An operation that began is noted at its own end,
/// which may come long after the call.</summary>
internal sealed class AuditInterceptor(AuditLog audit, ILogger<AuditInterceptor> log) : Interceptor
{
    private const string Begun = "mcp.begun";

    /// <summary>From here on the operation notes its end itself.</summary>
    public static void MarkBegun(ServerCallContext context) => context.UserState[Begun] = true;

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (RpcException e) when (ActOf(request, context.Method) is { } act && !context.UserState.ContainsKey(Begun))
        {
            Note(context, act, e.StatusCode == StatusCode.PermissionDenied ? "denied" : "refused", e.Status.Detail);
            throw;
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var act = new Act("load-image", "", "");
        try
        {
            var response = await continuation(requestStream, context);
            Note(context, act, "succeeded", response is LoadImageResponse loaded ? string.Join(", ", loaded.Images.Select(i => i.Asked)) : "");
            return response;
        }
        catch (RpcException e)
        {
            Note(context, act, e.StatusCode == StatusCode.PermissionDenied ? "denied" : "failed", e.Status.Detail);
            throw;
        }
    }

    private void Note(ServerCallContext context, Act act, string outcome, string message)
    {
        // Without a token that the agent knows there is no "who", and whoever has none must not be able to fill the disk.
        if (context.FindCaller() is not { } caller)
            return;
        try
        {
            audit.Append(new(caller, act.Action, act.Service, act.Component, "", outcome, message));
        }
        catch (AgentException e)
        {
            log.LogError(e, "The audit did not take: {Action} of {Service} by {Caller} from {Peer}, {Outcome}", act.Action, act.Service, caller.Name, caller.Peer, outcome);
        }
    }

    /// <summary>null for what changes nothing.</summary>
    private static Act? ActOf<TRequest>(TRequest request, string method) => request switch
    {
        DeployRequest deploy => new("deploy", deploy.Definition?.Name ?? "", deploy.Component),
        RollbackRequest rollback => new("rollback", rollback.Service, ""),
        UndeployRequest undeploy => new("undeploy", undeploy.Service, undeploy.Component),
        // Start, stop and restart ask the same.
        ComponentsRequest components => new(method[(method.LastIndexOf('/') + 1)..].ToLowerInvariant(), components.Service, components.Component),
        _ => null,
    };

    private sealed record Act(string Action, string Service, string Component);
}
