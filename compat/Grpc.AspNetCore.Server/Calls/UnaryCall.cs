using Grpc.AspNetCore.Server.Hosting;
using Grpc.AspNetCore.Server.Interceptors;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Answers a method with one request and one response.</summary>
internal sealed class UnaryCall<TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    EffectiveOptions options,
    Func<TService, TRequest, ServerCallContext, Task<TResponse>> invoke)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    public Task HandleAsync(HttpContext http) => ServerCall.RunAsync(http, options, MethodType.Unary, HandleAsync);

    private async Task HandleAsync(ServerCall call)
    {
        await using var pipeline = new InterceptorPipeline(options.Interceptors, call.Http);
        var handler = pipeline.Wrap(new UnaryServerMethod<TRequest, TResponse>((message, context) =>
            ServiceActivation<TService>.UseAsync(call.Http.RequestServices, service => invoke(service, message, context))));
        var request = await call.ReadSingleAsync(method.RequestMarshaller);
        var response = await handler(request, call.Context)
            ?? throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        // Nobody would get it; the end of the call says why.
        if (!call.CancellationToken.IsCancellationRequested)
            await call.WriteAsync(response, method.ResponseMarshaller, flush: false, call.CancellationToken);
    }
}
