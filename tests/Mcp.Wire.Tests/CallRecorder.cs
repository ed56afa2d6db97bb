using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Mcp.Wire.Tests;

/// <summary>What the agent sees of streams: when a handler began, and when it returned.</summary>
internal sealed class CallRecorder : Interceptor
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _seen = [];

    /// <param name="method">"GetEvents".</param>
    public Task BeganAsync(string method) => Signal("began " + method).Task.WaitAsync(TimeSpan.FromSeconds(60));

    public Task EndedAsync(string method) => Signal("ended " + method).Task.WaitAsync(TimeSpan.FromSeconds(60));

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var method = context.Method[(context.Method.LastIndexOf('/') + 1)..];
        Signal("began " + method).TrySetResult();
        try
        {
            await continuation(request, responseStream, context);
        }
        finally
        {
            Signal("ended " + method).TrySetResult();
        }
    }

    private TaskCompletionSource Signal(string what) => _seen.GetOrAdd(what, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
