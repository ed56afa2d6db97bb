using System.Collections.Concurrent;
using Grpc.Core;

namespace Grpc.Compat.Tests.Probe;

/// <summary>The service of probe.proto on our server.</summary>
internal sealed class ProbeService(Cancellations cancellations) : Probe.ProbeBase
{
    public override async Task<EchoReply> Echo(EchoRequest request, ServerCallContext context)
    {
        foreach (var entry in context.RequestHeaders.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal)))
            context.ResponseTrailers.Add(entry);
        if (context.ResponseTrailers.Count > 0)
            await context.WriteResponseHeadersAsync(context.ResponseTrailers);
        if (request.ThrowError)
            throw new InvalidOperationException("secret words");
        if (request.FailCode != 0)
            throw new RpcException(
                new Status((StatusCode)request.FailCode, request.Text),
                new Metadata { { "grpc-status-details-bin", request.Payload.ToByteArray() } });
        if (request.Hang)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }
            finally
            {
                cancellations.Report(request.Text);
            }
        }
        return new EchoReply { Text = request.Text, Payload = request.Payload };
    }

    public override async Task<EchoReply> Collect(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context)
    {
        var texts = new List<string>();
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            texts.Add(request.Text);
        return new EchoReply { Text = string.Join(',', texts) };
    }

    public override async Task Repeat(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        try
        {
            // The caller may have what was written, and cancel, before the write returns.
            for (var i = 0; i < request.Count; i++)
                await responseStream.WriteAsync(new EchoReply { Text = $"{request.Text} {i}", Payload = request.Payload });
            if (request.FailCode != 0)
                throw new RpcException(new Status((StatusCode)request.FailCode, request.Text));
            if (request.Hang)
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        finally
        {
            if (request.Hang)
                cancellations.Report(request.Text);
        }
    }

    public override async Task Chat(
        IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(new EchoReply { Text = request.Text, Payload = request.Payload });
    }

    public override async Task<EchoReply> AwaitCancelled(EchoRequest request, ServerCallContext context)
    {
        await cancellations.Seen(request.Text).WaitAsync(context.CancellationToken);
        return new EchoReply { Text = request.Text };
    }
}

/// <summary>Which hanging calls were cancelled.</summary>
internal sealed class Cancellations
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> seen = new();

    public Task Seen(string text) => Of(text).Task;

    public void Report(string text) => Of(text).TrySetResult();

    private TaskCompletionSource Of(string text) =>
        seen.GetOrAdd(text, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
