using System.Net.Sockets;
using Grpc.Core;

namespace Grpc.Net.Client.Http;

/// <summary>The gRPC status of a call that HTTP failed to carry.</summary>
internal static class TransportFailure
{
    public static Status ToStatus(Exception exception, string summary) =>
        exception is RpcException rpc
            ? rpc.Status
            : new Status(CodeOf(exception), $"{summary} {Describe(exception)}", exception);

    private static StatusCode CodeOf(Exception exception)
    {
        var code = StatusCode.Internal;
        for (var current = exception; current is not null; current = current.InnerException)
        {
            switch (current)
            {
                case HttpProtocolException protocol:
                    return FromHttp2((int)protocol.ErrorCode);
                case OperationCanceledException:
                    return StatusCode.Cancelled;
                case SocketException or IOException:
                    code = StatusCode.Unavailable;
                    break;
            }
        }
        return code;
    }

    /// <summary>After the table of HTTP/2 error codes in the protocol.</summary>
    private static StatusCode FromHttp2(int errorCode) => errorCode switch
    {
        0x7 => StatusCode.Unavailable, // REFUSED_STREAM
        0x8 => StatusCode.Cancelled, // CANCEL
        0xb => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xc => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };

    private static string Describe(Exception exception)
    {
        var text = $"{exception.GetType().Name}: {exception.Message}";
        return exception.InnerException is null ? text : $"{text} {Describe(exception.InnerException)}";
    }
}
