using Grpc.AspNetCore.Server.Calls;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Grpc.AspNetCore.Server.Routing;

/// <summary>Answers for methods and services that are not there.</summary>
internal static class UnimplementedEndpoints
{
    public static void MapMethods(IEndpointRouteBuilder builder, string service) =>
        Map(builder, service + "/{method}", "gRPC - unimplemented method of " + service, "Method is unimplemented.");

    public static void MapServices(IEndpointRouteBuilder builder) =>
        Map(builder, "{service}/{method}", "gRPC - unimplemented service", "Service is unimplemented.");

    private static void Map(IEndpointRouteBuilder builder, string pattern, string displayName, string detail)
    {
        // The constraint keeps other requests (a page of the same application, say) out of here.
        var route = RoutePatternFactory.Parse(pattern, defaults: null, parameterPolicies: new { method = new GrpcRequestConstraint() });
        var endpoint = builder.Map(route, http =>
        {
            GrpcHttpResponse.Prepare(http.Response);
            GrpcHttpResponse.WriteOutcome(http.Response, new Status(StatusCode.Unimplemented, detail), Metadata.Empty, hasMessages: false);
            return Task.CompletedTask;
        });
        endpoint.WithDisplayName(displayName);
        endpoint.Add(built => ((RouteEndpointBuilder)built).Order = int.MaxValue);
    }

    private sealed class GrpcRequestConstraint : IRouteConstraint
    {
        public bool Match(
            HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            httpContext is not null && HttpMethods.IsPost(httpContext.Request.Method) && GrpcHttpRequest.IsGrpc(httpContext.Request);
    }
}
