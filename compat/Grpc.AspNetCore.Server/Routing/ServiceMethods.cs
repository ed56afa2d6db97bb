using System.Reflection;
using Grpc.AspNetCore.Server.Calls;
using Grpc.AspNetCore.Server.Hosting;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Routing;

/// <summary>Finds the methods of a service through its generated base class.</summary>
internal static class ServiceMethods
{
    public static ServiceMethods<TService> Discover<TService>(EffectiveOptions options)
        where TService : class
    {
        // The attribute is on the generated base; the service may be further derived.
        var attribute = typeof(TService).GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)
            ?? throw new InvalidOperationException($"{typeof(TService).FullName} does not derive from the generated base class of a gRPC service.");
        var bind = attribute.BindType.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            .SingleOrDefault(method => method.Name == attribute.BindMethodName
                && method.GetParameters() is [var binder, var service]
                && binder.ParameterType == typeof(ServiceBinderBase)
                && service.ParameterType.IsAssignableFrom(typeof(TService)))
            ?? throw new InvalidOperationException($"{attribute.BindType.FullName} has no method {attribute.BindMethodName}(ServiceBinderBase, service).");
        var methods = new ServiceMethods<TService>(options);
        bind.Invoke(null, [methods, null]);
        return methods;
    }
}

internal sealed class ServiceMethods<TService>(EffectiveOptions options) : ServiceBinderBase
    where TService : class
{
    public List<MethodEndpoint> Endpoints { get; } = [];

    public IEnumerable<string> ServiceNames => Endpoints.Select(endpoint => endpoint.Method.ServiceName).Distinct();

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        Add(method, typeof(TRequest), implementation => new UnaryCall<TService, TRequest, TResponse>(
            method, options, implementation.CreateDelegate<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>()).HandleAsync);

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(method, typeof(IAsyncStreamReader<TRequest>), implementation => new ClientStreamingCall<TService, TRequest, TResponse>(
            method, options, implementation.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>()).HandleAsync);

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(method, typeof(TRequest), implementation => new ServerStreamingCall<TService, TRequest, TResponse>(
            method, options, implementation.CreateDelegate<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>()).HandleAsync);

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(method, typeof(IAsyncStreamReader<TRequest>), implementation => new DuplexStreamingCall<TService, TRequest, TResponse>(
            method, options, implementation.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>()).HandleAsync);

    private void Add(IMethod method, Type firstParameter, Func<MethodInfo, Microsoft.AspNetCore.Http.RequestDelegate> handlerOf)
    {
        var implementation = typeof(TService).GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .FirstOrDefault(candidate => candidate.Name == method.Name && candidate.GetParameters() is [var first, ..] && first.ParameterType == firstParameter)
            ?? throw new InvalidOperationException($"{typeof(TService).FullName} has no public method {method.Name} for {method.FullName}.");
        Endpoints.Add(new MethodEndpoint(typeof(TService), implementation, method, handlerOf(implementation)));
    }
}
