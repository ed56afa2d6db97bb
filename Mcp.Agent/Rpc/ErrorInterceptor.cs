using Grpc.Core;
using Grpc.Core.Interceptors;
using Mcp.Core.Containers;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Rpc;

/// <summary>Turns what handlers throw into gRPC statuses. What is neither the agent's nor the engine's own error is a defect: logged whole, told in short.</summary>
internal sealed class ErrorInterceptor(ILogger<ErrorInterceptor> log) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e) when (Translate(e, context) is { } translated)
        {
            throw translated;
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception e) when (Translate(e, context) is { } translated)
        {
            throw translated;
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception e) when (Translate(e, context) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>null: leave it as it is.</summary>
    private RpcException? Translate(Exception error, ServerCallContext context)
    {
        switch (error)
        {
            case AgentException e:
                return ErrorTable.ToRpc(e);
            case EngineException e:
                return ErrorTable.ToRpc(e);
            case RpcException:
                return null;
            case OperationCanceledException when context.CancellationToken.IsCancellationRequested:
                return null;
            default:
                log.LogError(error, "{Method} failed", context.Method);
                return new RpcException(new Status(StatusCode.Internal, $"the agent failed: {error.Message}"));
        }
    }
}
