using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Mcp.Core.Containers;
using Mcp.Core.Protocol;
using Microsoft.Extensions.Hosting;

namespace Mcp.Agent.Rpc;

/// <summary>Every call passes here, whatever its kind: apply what <see cref="RpcPolicy"/> says of a stopping agent, check the request,
/// handle, turn errors into statuses, audit. Who calls and whether they may is settled before
/// (<see cref="AuthenticationMiddleware"/>).</summary>
internal sealed class PolicyInterceptor(
    Authorizer authorizer, CallAudit audit, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<PolicyInterceptor> log)
    : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, request, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, null, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, request, () => WithoutResponseAsync(continuation(request, responseStream, context)));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, null, () => WithoutResponseAsync(continuation(requestStream, responseStream, context)));

    private static async Task<object> WithoutResponseAsync(Task handling)
    {
        await handling;
        return "";
    }

    /// <param name="request">null for a stream of them.</param>
    private async Task<TResponse> RunAsync<TResponse>(ServerCallContext context, object? request, Func<Task<TResponse>> handle)
        where TResponse : class
    {
        var policy = RpcPolicy.Find(context.Method) ?? throw authorizer.Closed(context.Method, context.Peer);
        try
        {
            if (policy.AtStop != AtStop.Finish && lifetime.ApplicationStopping.IsCancellationRequested)
                throw ErrorTable.Stopping();

            RequestCheck.Check(request);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(
                context.CancellationToken, policy.AtStop == AtStop.End ? lifetime.ApplicationStopping : CancellationToken.None);
            context.EndAt(end.Token);
            await using var watch = WatchToken(context, policy, end);
            var response = await handle();
            // A stream that is followed ends in good order when it is ended.
            if (context.IsRevoked())
                throw new OperationCanceledException(end.Token);
            audit.Completed(context, policy, request, response);
            return response;
        }
        catch (Exception e) when (Translate(e, context, policy) is { } error)
        {
            audit.Failed(context, policy, request, error);
            if (ReferenceEquals(e, error))
                throw;
            throw error;
        }
    }

    private ITimer? WatchToken(ServerCallContext context, RpcPolicy policy, CancellationTokenSource end) => policy.Role is null ? null
        : authorizer.Watch(
            context.RequestHeaders.GetValue("authorization"),
            () =>
            {
                context.MarkRevoked();
                end.Cancel();
            }, time);

    /// <summary>null for a caller who left: nothing reaches it any more.</summary>
    private RpcException? Translate(Exception error, ServerCallContext context, RpcPolicy policy)
    {
        var isStopping = policy.AtStop == AtStop.End
            && lifetime.ApplicationStopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested;
        switch (error)
        {
            case OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled } when context.IsRevoked():
                return ErrorTable.Make(
                    StatusCode.Unauthenticated, "the call's token was revoked or has expired", "use another token", "token-revoked");
            case OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled } when isStopping:
                return ErrorTable.Stopping();
            case AgentException e:
                return ErrorTable.ToRpc(e);
            case EngineException e:
                return ErrorTable.ToRpc(e);
            case WireException e:
                return ErrorTable.ToRpc(new AgentException(
                    AgentError.InvalidRequest, e.Message,
                    "correct it; if it is right, the client and the agent may be of different versions", e));
            case InvalidProtocolBufferException e:
                return ErrorTable.ToRpc(new AgentException(
                    AgentError.InvalidRequest, $"the request is no message that this agent can read: {e.Message}",
                    "use a client of the agent's version", e));
            case RpcException e:
                return e;
            case OperationCanceledException when context.CancellationToken.IsCancellationRequested:
                return null;
            default:
                // Neither the agent's nor the engine's own error: a defect, logged whole and told in short.
                log.LogError(error, "{Method} failed", context.Method);
                return new RpcException(new Status(StatusCode.Internal, $"the agent failed: {error.Message}"));
        }
    }
}
