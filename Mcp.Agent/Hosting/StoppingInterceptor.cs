using System.Text;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Mcp.Agent.Rpc;
using Mcp.Core.Protocol;

namespace Mcp.Agent.Hosting;

/// <summary>
/// Ends streams that only follow (logs, events) and transfers as soon as the agent stops: they have no end of their own, and the listener waits for
/// calls under way. Streams of operations go on, so that those who watch see how it ends.
/// </summary>
internal sealed class StoppingInterceptor(IHostApplicationLifetime lifetime) : Interceptor
{
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (typeof(TResponse) == typeof(V1.OperationEvent))
        {
            await continuation(request, responseStream, context);
            return;
        }

        await UntilStoppingAsync(context, async () =>
        {
            await continuation(request, responseStream, context);
            return true;
        });
    }

    /// <summary>What is being sent here can be sent again.</summary>
    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        UntilStoppingAsync(context, () => continuation(requestStream, context));

    private async Task<T> UntilStoppingAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        context.EndAt(either.Token);
        try
        {
            return await call();
        }
        catch (Exception e) when (lifetime.ApplicationStopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested
            && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the agent is stopping"), new Metadata
            {
                { ErrorTrailers.ErrorId, "agent-stopping" },
                { ErrorTrailers.Remedy, Encoding.UTF8.GetBytes("try again when it has been started again") },
            });
        }
    }
}
