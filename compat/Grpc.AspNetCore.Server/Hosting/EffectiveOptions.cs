using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Hosting;

/// <summary>The options of one service: its own where set, else those of all services.</summary>
internal sealed record EffectiveOptions(
    int? MaxSendMessageSize,
    int? MaxReceiveMessageSize,
    bool EnableDetailedErrors,
    bool IgnoreUnknownServices,
    IReadOnlyList<InterceptorRegistration> Interceptors)
{
    public static EffectiveOptions For<TService>(IServiceProvider services)
        where TService : class
    {
        var all = services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
        var own = new GrpcServiceOptions<TService>
        {
            MaxSendMessageSize = all.MaxSendMessageSize,
            MaxReceiveMessageSize = all.MaxReceiveMessageSize,
            EnableDetailedErrors = all.EnableDetailedErrors,
            IgnoreUnknownServices = all.IgnoreUnknownServices,
        };
        foreach (var configure in services.GetServices<IConfigureOptions<GrpcServiceOptions<TService>>>())
            configure.Configure(own);
        return new EffectiveOptions(
            own.MaxSendMessageSize,
            own.MaxReceiveMessageSize,
            own.EnableDetailedErrors ?? false,
            own.IgnoreUnknownServices ?? false,
            [.. all.Interceptors, .. own.Interceptors]);
    }
}
