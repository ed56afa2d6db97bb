using Grpc.Core;

namespace Grpc.Net.Client.Credentials;

/// <summary>Asks call credentials for their headers.</summary>
internal static class CallCredentialsReader
{
    /// <exception cref="RpcException">UNAUTHENTICATED: the credentials failed to give their headers.</exception>
    public static async Task AddHeadersAsync(CallCredentials credentials, AuthInterceptorContext context, Metadata headers)
    {
        var interceptors = new Collector();
        credentials.InternalPopulateConfiguration(interceptors, interceptors);
        foreach (var interceptor in interceptors.Found)
        {
            try
            {
                await interceptor(context, headers).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not RpcException && !context.CancellationToken.IsCancellationRequested)
            {
                throw new RpcException(new Status(StatusCode.Unauthenticated, "Call credentials failed: " + e.Message, e));
            }
        }
    }

    private sealed class Collector : CallCredentialsConfiguratorBase
    {
        public List<AsyncAuthInterceptor> Found { get; } = [];

        public override void SetCompositeCredentials(object state, IReadOnlyList<CallCredentials> credentials)
        {
            foreach (var part in credentials)
                part.InternalPopulateConfiguration(this, state);
        }

        public override void SetAsyncAuthInterceptorCredentials(object state, AsyncAuthInterceptor interceptor) => Found.Add(interceptor);
    }
}
