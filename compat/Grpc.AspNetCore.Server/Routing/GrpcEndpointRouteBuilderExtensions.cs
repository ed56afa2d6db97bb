using Grpc.AspNetCore.Server.Hosting;
using Grpc.AspNetCore.Server.Routing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>Maps each method of a service to its path, and what is unknown to UNIMPLEMENTED.</summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var marker = builder.ServiceProvider.GetService<GrpcMarker>()
            ?? throw new InvalidOperationException(
                "Unable to find the required services. Add all the required services by calling 'IServiceCollection.AddGrpc' in the application startup code.");
        var options = EffectiveOptions.For<TService>(builder.ServiceProvider);
        var binder = ServiceMethods.Discover<TService>(options);
        var mapped = binder.Endpoints.Select(endpoint => endpoint.Map(builder)).ToList();
        if (!options.IgnoreUnknownServices)
        {
            foreach (var service in binder.ServiceNames)
                UnimplementedEndpoints.MapMethods(builder, service);
            if (marker.FirstToMapUnknownServices())
                UnimplementedEndpoints.MapServices(builder);
        }
        return new GrpcServiceEndpointConventionBuilder(mapped);
    }
}
