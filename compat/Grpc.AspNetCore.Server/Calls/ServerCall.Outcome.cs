using Grpc.AspNetCore.Server.Hosting;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Grpc.AspNetCore.Server.Calls;

// How calls run and end.
internal sealed partial class ServerCall
{
    /// <summary>Runs one call from the HTTP request to its status.</summary>
    public static async Task RunAsync(HttpContext http, EffectiveOptions options, MethodType type, Func<ServerCall, Task> handle)
    {
        if (!await GrpcHttpRequest.CheckAsync(http))
            return;
        GrpcHttpResponse.Prepare(http.Response);
        LiftLimits(http.Features, type);
        await using var call = new ServerCall(http, options);
        http.Features.Set<IServerCallContextFeature>(call.Context);
        try
        {
            call.Begin();
            await handle(call);
            await call.EndAsync(call.Context.Status);
        }
        catch (Exception e)
        {
            await call.EndAsync(call.StatusOf(e));
        }
    }

    // HTTP's limits are made for uploads; here the message size is limited, and a stream may be silent for hours.
    private static void LiftLimits(IFeatureCollection features, MethodType type)
    {
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (type is MethodType.ClientStreaming or MethodType.DuplexStreaming
            && features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }

    // The handler may go on for as long as it likes; the caller gets the status now.
    private async Task ExpireAsync()
    {
        deadlineExceeded = true;
        await cancellation.CancelAsync();
        if (await EndAsync(new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded")))
            await Http.Response.CompleteAsync();
    }

    /// <returns>Whether this was the end, and somebody is there to hear of it.</returns>
    private async Task<bool> EndAsync(Status status)
    {
        await gate.WaitAsync(CancellationToken.None);
        try
        {
            if (ended)
                return false;
            ended = true;
            if (Http.RequestAborted.IsCancellationRequested)
            {
                ServerLog.CallerLeft(logger, Context.Method);
                return false;
            }
            if (deadlineExceeded)
            {
                status = new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded");
                ServerLog.DeadlineExceeded(logger, Context.Method);
            }
            GrpcHttpResponse.WriteOutcome(Http.Response, status, Context.ResponseTrailers, hasMessages);
            return true;
        }
        finally
        {
            gate.Release();
        }
    }

    private Status StatusOf(Exception exception)
    {
        switch (exception)
        {
            case RpcException rpc:
                ServerLog.EndedWithStatus(logger, Context.Method, rpc.StatusCode, rpc.Status.Detail);
                foreach (var entry in rpc.Trailers)
                    Context.ResponseTrailers.Add(entry);
                return rpc.Status;
            case var _ when CancellationToken.IsCancellationRequested:
                // The echo of the caller's leaving or of the deadline.
                return Status.DefaultCancelled;
            case BadHttpRequestException bad:
                return new Status(StatusCode.Internal, "Bad gRPC request. " + bad.Message);
            default:
                ServerLog.HandlerFailed(logger, Context.Method, exception);
                const string Summary = "Exception was thrown by handler.";
                return new Status(StatusCode.Unknown, Options.EnableDetailedErrors ? $"{Summary} {Describe(exception)}" : Summary);
        }
    }

    private static string Describe(Exception exception)
    {
        var text = $"{exception.GetType().Name}: {exception.Message}";
        return exception.InnerException is null ? text : $"{text} {Describe(exception.InnerException)}";
    }
}
