using Grpc.AspNetCore.Server.Hosting;
using Grpc.AspNetCore.Server.Interceptors;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Answers a method with many requests and one response.</summary>
internal sealed class ClientStreamingCall<TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    EffectiveOptions options,
    Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>> invoke)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    public Task HandleAsync(HttpContext http) => ServerCall.RunAsync(http, options, MethodType.ClientStreaming, HandleAsync);

    private async Task HandleAsync(ServerCall call)
    {
        await using var pipeline = new InterceptorPipeline(options.Interceptors, call.Http);
        var handler = pipeline.Wrap(new ClientStreamingServerMethod<TRequest, TResponse>((reader, context) =>
            ServiceActivation<TService>.UseAsync(call.Http.RequestServices, service => invoke(service, reader, context))));
        var requests = new ServerStreamReader<TRequest>(call, method.RequestMarshaller);
        var response = await handler(requests, call.Context)
            ?? throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        // Nobody would get it; the end of the call says why.
        if (!call.CancellationToken.IsCancellationRequested)
            await call.WriteAsync(response, method.ResponseMarshaller, flush: false, call.CancellationToken);
    }
}
