using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grpc.AspNetCore.Server.Routing;

/// <summary>One method with what answers it.</summary>
internal sealed record MethodEndpoint(Type ServiceType, MethodInfo Implementation, IMethod Method, RequestDelegate Handler)
{
    public IEndpointConventionBuilder Map(IEndpointRouteBuilder builder) =>
        builder.MapMethods(Method.FullName, [HttpMethods.Post], Handler)
            .WithDisplayName("gRPC - " + Method.FullName)
            .WithMetadata([
                .. ServiceType.GetCustomAttributes(inherit: true),
                .. Implementation.GetCustomAttributes(inherit: true),
                new GrpcMethodMetadata(ServiceType, Method),
            ]);
}
