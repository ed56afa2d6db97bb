using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Interceptors;

/// <summary>The interceptors of one call, made when it starts and disposed when it ends.</summary>
internal sealed class InterceptorPipeline : IAsyncDisposable
{
    private readonly List<(Interceptor Interceptor, bool Owned)> interceptors = [];

    public InterceptorPipeline(IReadOnlyList<InterceptorRegistration> registrations, HttpContext http)
    {
        foreach (var registration in registrations)
            interceptors.Add((registration.Activate(http.RequestServices, out var owned), owned));
    }

    public UnaryServerMethod<TRequest, TResponse> Wrap<TRequest, TResponse>(UnaryServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class =>
        Wrap(handler, (interceptor, next) => (request, context) => interceptor.UnaryServerHandler(request, context, next));

    public ClientStreamingServerMethod<TRequest, TResponse> Wrap<TRequest, TResponse>(ClientStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class =>
        Wrap(handler, (interceptor, next) => (requests, context) => interceptor.ClientStreamingServerHandler(requests, context, next));

    public ServerStreamingServerMethod<TRequest, TResponse> Wrap<TRequest, TResponse>(ServerStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class =>
        Wrap(handler, (interceptor, next) => (request, responses, context) =>
            interceptor.ServerStreamingServerHandler(request, responses, context, next));

    public DuplexStreamingServerMethod<TRequest, TResponse> Wrap<TRequest, TResponse>(DuplexStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class =>
        Wrap(handler, (interceptor, next) => (requests, responses, context) =>
            interceptor.DuplexStreamingServerHandler(requests, responses, context, next));

    public async ValueTask DisposeAsync()
    {
        foreach (var (interceptor, owned) in interceptors)
        {
            if (!owned)
                continue;
            if (interceptor is IAsyncDisposable asynchronously)
                await asynchronously.DisposeAsync();
            else
                (interceptor as IDisposable)?.Dispose();
        }
    }

    private TDelegate Wrap<TDelegate>(TDelegate handler, Func<Interceptor, TDelegate, TDelegate> around)
    {
        for (var i = interceptors.Count - 1; i >= 0; i--)
            handler = around(interceptors[i].Interceptor, handler);
        return handler;
    }
}
