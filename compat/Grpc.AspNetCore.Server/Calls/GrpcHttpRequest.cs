using System.Net;
using Grpc.Core;
using Grpc.Net.Common.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Reads a call from its HTTP request.</summary>
internal static class GrpcHttpRequest
{
    public static bool IsGrpc(HttpRequest request) => GrpcHeaderNames.IsGrpcContentType(request.ContentType);

    /// <exception cref="RpcException">INTERNAL: a <c>-bin</c> value is not base64.</exception>
    public static Metadata ReadMetadata(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
                Add(metadata, name, value ?? "");
        }
        return metadata;
    }

    /// <returns>In UTC; <see cref="DateTime.MaxValue"/> when the caller set none.</returns>
    /// <exception cref="RpcException">INTERNAL: the timeout can't be read.</exception>
    public static DateTime ReadDeadline(IHeaderDictionary headers, TimeProvider time)
    {
        if (headers[GrpcHeaderNames.Timeout] is not [var text])
            return DateTime.MaxValue;
        if (!TimeoutCoding.TryDecode(text, out var timeout))
            throw new RpcException(new Status(StatusCode.Internal, $"Bad gRPC request. Invalid grpc-timeout value: {text}"));
        var now = time.GetUtcNow().UtcDateTime;
        return timeout < DateTime.MaxValue - now ? now + timeout : DateTime.MaxValue;
    }

    public static string Peer(ConnectionInfo connection)
    {
        if (connection.RemoteIpAddress is not { } address)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? $"ipv6:[{address}]:{connection.RemotePort}"
            : $"ipv4:{address}:{connection.RemotePort}";
    }

    /// <returns>False, with the answer prepared, for what is no gRPC call.</returns>
    public static async Task<bool> CheckAsync(HttpContext http)
    {
        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            http.Response.StatusCode = (int)HttpStatusCode.UpgradeRequired;
            http.Response.Headers.Upgrade = "HTTP/2";
            await http.Response.WriteAsync($"gRPC needs HTTP/2; the request came over {http.Request.Protocol}.");
            return false;
        }
        if (!IsGrpc(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            await http.Response.WriteAsync($"Content-Type '{http.Request.ContentType}' is not supported.");
            return false;
        }
        return true;
    }

    private static void Add(Metadata metadata, string name, string value)
    {
        try
        {
            MetadataCoding.Decode(metadata, name, value);
        }
        catch (FormatException e)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"Bad gRPC request. The value of '{name}' is not base64.", e));
        }
        catch (ArgumentException)
        {
            // A name that HTTP allows and gRPC does not (a proxy's, say) is none of the application's.
        }
    }
}
