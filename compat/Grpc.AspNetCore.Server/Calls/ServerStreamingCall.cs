using Grpc.AspNetCore.Server.Hosting;
using Grpc.AspNetCore.Server.Interceptors;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Answers a method with one request and many responses.</summary>
internal sealed class ServerStreamingCall<TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    EffectiveOptions options,
    Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task> invoke)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    public Task HandleAsync(HttpContext http) => ServerCall.RunAsync(http, options, MethodType.ServerStreaming, HandleAsync);

    private async Task HandleAsync(ServerCall call)
    {
        await using var pipeline = new InterceptorPipeline(options.Interceptors, call.Http);
        var handler = pipeline.Wrap(new ServerStreamingServerMethod<TRequest, TResponse>((message, writer, context) =>
            ServiceActivation<TService>.UseAsync(call.Http.RequestServices, service => invoke(service, message, writer, context))));
        var request = await call.ReadSingleAsync(method.RequestMarshaller);
        var responses = new ServerStreamWriter<TResponse>(call, method.ResponseMarshaller);
        await handler(request, responses, call.Context);
    }
}
