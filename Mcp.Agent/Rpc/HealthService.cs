using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Hosting;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Mcp.Agent.Rpc;

/// <summary>The health checking protocol of gRPC, for probes. The port opens last, so an agent that answers serves,
/// until it is told to stop. Not Grpc.HealthCheck's own implementation: its Watch does not end when the agent stops.</summary>
internal sealed class HealthService(IHostApplicationLifetime lifetime) : Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        request.Service is "" or "mcp.v1.NodeAgent"
            ? Task.FromResult(Current())
            : throw new RpcException(new Status(StatusCode.NotFound, $"there is no service {request.Service}"));

    /// <summary>As the protocol wants it, a service that the agent does not have is an answer here and no error.</summary>
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        var isKnown = request.Service is "" or "mcp.v1.NodeAgent";
        await responseStream.WriteAsync(isKnown ? Current() : new() { Status = ServingStatus.ServiceUnknown }, context.CancellationToken);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (isKnown)
            await responseStream.WriteAsync(Current(), context.CancellationToken);
    }

    private HealthCheckResponse Current() => new()
    {
        Status = lifetime.ApplicationStopping.IsCancellationRequested ? ServingStatus.NotServing : ServingStatus.Serving,
    };
}
