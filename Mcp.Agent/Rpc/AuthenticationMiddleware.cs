using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Mcp.Agent.Auth;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Mcp.Agent.Rpc;

/// <summary>Settles from the headers alone who calls and whether they may. gRPC reads a request before its interceptors run; whoever is
/// refused must not get that far.</summary>
internal sealed class AuthenticationMiddleware(RequestDelegate next, Authorizer authorizer, CallAudit audit)
{
    public Task InvokeAsync(HttpContext http)
    {
        // What has no policy is gRPC's to refuse: it reads nothing of an unknown method.
        if (RpcPolicy.Find(http.Request.Path) is { Role: { } role } policy)
        {
            Caller? caller = null;
            try
            {
                caller = authorizer.Authenticate(policy.Method, http.Request.Headers.Authorization, PeerOf(http.Connection));
                authorizer.Permit(policy.Method, role, caller);
                http.SetCaller(caller);
                // A stream of requests has an idle limit of its own (LayerRequests).
                if (policy.IsStream && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
                    rate.MinDataRate = null;
            }
            catch (RpcException e)
            {
                if (caller is not null)
                    audit.Denied(caller, policy, e);
                Refuse(http.Response, e);
                return Task.CompletedTask;
            }
            return ConnectionUse.Of(http) is { } use ? use.DuringAsync(next(http)) : next(http);
        }
        return next(http);
    }

    /// <summary>The protocol's "Trailers-Only" response: all in the headers.</summary>
    private static void Refuse(HttpResponse response, RpcException error)
    {
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = $"{(int)error.StatusCode}";
        response.Headers["grpc-message"] = Uri.EscapeDataString(error.Status.Detail);
        foreach (var trailer in error.Trailers)
            response.Headers[trailer.Key] = trailer.IsBinary ? Convert.ToBase64String(trailer.ValueBytes) : trailer.Value;
    }

    /// <summary>As gRPC writes it.</summary>
    private static string PeerOf(ConnectionInfo connection) => connection.RemoteIpAddress switch
    {
        { AddressFamily: AddressFamily.InterNetwork } address => $"ipv4:{address}:{connection.RemotePort}",
        { AddressFamily: AddressFamily.InterNetworkV6 } address => $"ipv6:{new IPEndPoint(address, connection.RemotePort)}",
        _ => "unknown",
    };
}
