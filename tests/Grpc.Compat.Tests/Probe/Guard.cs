using Grpc.Core;
using Grpc.Net.Client;

namespace Grpc.Compat.Tests.Probe;

/// <summary>What hangs, fails.</summary>
internal static class Guard
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task<T> Within<T>(Task<T> task) => task.WaitAsync(Limit);

    public static Task Within(Task task) => task.WaitAsync(Limit);

    public static async Task<RpcException> FailsAsync(Func<Task> call, StatusCode expected)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => call().WaitAsync(Limit));
        Assert.True(expected == exception.StatusCode, $"Expected {expected}, got {exception.Status}");
        return exception;
    }

    public static async Task<RpcException> FailsAsync<T>(AsyncUnaryCall<T> call, StatusCode expected) =>
        await FailsAsync(async () => await call, expected);

    public static GrpcChannel Channel(Uri address, Action<GrpcChannelOptions>? configure = null)
    {
        var options = new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" },
            },
            DisposeHttpClient = true,
        };
        configure?.Invoke(options);
        return GrpcChannel.ForAddress(address, options);
    }
}
