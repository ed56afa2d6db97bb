using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>Calls over HTTP/2.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.StartWithRequest(request);
        return new AsyncUnaryCall<TResponse>(
            call.SingleResponse, static c => Of(c).ResponseHeaders, static c => Of(c).GetStatus(), static c => Of(c).GetTrailers(), static c => Of(c).Dispose(), call);

        static ClientCall<TRequest, TResponse> Of(object state) => (ClientCall<TRequest, TResponse>)state;
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.StartWithRequest(request);
        return new AsyncServerStreamingCall<TResponse>(
            call.ResponseStream, static c => Of(c).ResponseHeaders, static c => Of(c).GetStatus(), static c => Of(c).GetTrailers(), static c => Of(c).Dispose(), call);

        static ClientCall<TRequest, TResponse> Of(object state) => (ClientCall<TRequest, TResponse>)state;
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.StartWithStream();
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            call.RequestStream, call.SingleResponse, static c => Of(c).ResponseHeaders, static c => Of(c).GetStatus(), static c => Of(c).GetTrailers(), static c => Of(c).Dispose(), call);

        static ClientCall<TRequest, TResponse> Of(object state) => (ClientCall<TRequest, TResponse>)state;
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.StartWithStream();
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            call.RequestStream, call.ResponseStream, static c => Of(c).ResponseHeaders, static c => Of(c).GetStatus(), static c => Of(c).GetTrailers(), static c => Of(c).Dispose(), call);

        static ClientCall<TRequest, TResponse> Of(object state) => (ClientCall<TRequest, TResponse>)state;
    }
}
