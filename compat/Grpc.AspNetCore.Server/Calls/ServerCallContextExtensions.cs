using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Calls;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core
{
    public static class ServerCallContextExtensions
    {
        public static HttpContext GetHttpContext(this ServerCallContext serverCallContext) =>
            serverCallContext is HttpContextServerCallContext context
                ? context.HttpContext
                : throw new InvalidOperationException("Could not get HttpContext from ServerCallContext. HttpContext can only be accessed when gRPC services are hosted by ASP.NET Core.");
    }
}

namespace Grpc.AspNetCore.Server
{
    /// <summary>Among the features of the HTTP request of a call.</summary>
    public interface IServerCallContextFeature
    {
        Grpc.Core.ServerCallContext ServerCallContext { get; }
    }
}
