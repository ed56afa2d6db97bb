using Grpc.AspNetCore.Server.Hosting;
using Grpc.AspNetCore.Server.Interceptors;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Answers a method with many requests and many responses.</summary>
internal sealed class DuplexStreamingCall<TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    EffectiveOptions options,
    Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task> invoke)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    public Task HandleAsync(HttpContext http) => ServerCall.RunAsync(http, options, MethodType.DuplexStreaming, HandleAsync);

    private async Task HandleAsync(ServerCall call)
    {
        await using var pipeline = new InterceptorPipeline(options.Interceptors, call.Http);
        var handler = pipeline.Wrap(new DuplexStreamingServerMethod<TRequest, TResponse>((reader, writer, context) =>
            ServiceActivation<TService>.UseAsync(call.Http.RequestServices, service => invoke(service, reader, writer, context))));
        var requests = new ServerStreamReader<TRequest>(call, method.RequestMarshaller);
        var responses = new ServerStreamWriter<TResponse>(call, method.ResponseMarshaller);
        await handler(requests, responses, call.Context);
    }
}
