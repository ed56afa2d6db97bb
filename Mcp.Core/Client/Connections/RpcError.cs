using System.Text;
using Grpc.Core;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Protocol;

namespace Mcp.Core.Client.Connections;

/// <summary>From a gRPC status, and the id and remedy that the agent sends beside it, to what callers see: the one table.</summary>
internal static class RpcError
{
    public static Exception From(RpcException error, NodeConfig node, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return new OperationCanceledException("interrupted", error, cancellationToken);
        if (Cause(error) is { } known)
            return known;

        var sentId = error.Trailers.GetValue(ErrorTrailers.ErrorId);
        if (sentId is null && ConnectionError.FromStream(
            error.Status.DebugException ?? error.InnerException, error.StatusCode == StatusCode.Cancelled, node) is { } lost)
            return lost;
        var sentRemedy = error.Trailers.GetValueBytes(ErrorTrailers.Remedy) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
        var (kind, id, remedy) = Meaning(error.StatusCode, node);
        if (sentId is { Length: > 0 })
        {
            id = sentId;
            kind = KindOfSent(kind, sentId);
        }
        return new McpException(kind, id, Message(error, node), sentRemedy ?? remedy, node.Name, error);
    }

    public static McpException From(WireException error, NodeConfig node) => new(
        ErrorKind.Internal, "unreadable-answer", $"{Names.Of(node)} sent an answer that this client cannot read: {error.Message}",
        "update this client to the version of the agent (`mcp version`)", node.Name, error);

    private static (ErrorKind Kind, string Id, string Remedy) Meaning(StatusCode code, NodeConfig node) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.OutOfRange => (ErrorKind.Usage, "invalid-request", ""),
        StatusCode.NotFound => (ErrorKind.NotFound, "not-found", ""),
        StatusCode.AlreadyExists or StatusCode.Aborted => (ErrorKind.Conflict, "conflict", "try again when the other operation has ended"),
        StatusCode.ResourceExhausted => (ErrorKind.OperationFailed, "message-too-large",
            "ask for less at once (--tail, --since); a definition must stay below 4 MiB"),
        StatusCode.FailedPrecondition => (ErrorKind.OperationFailed, "failed", ""),
        StatusCode.Unauthenticated => (ErrorKind.Unauthenticated, "wrong-token",
            $"make a new token on the node with `mcp-agent token create --name NAME --role ROLE` and put it into {TokenPlace(node)}"),
        StatusCode.PermissionDenied => (ErrorKind.Forbidden, "forbidden",
            "use a token whose role permits it (mcp-agent token create --role operator)"),
        StatusCode.Unavailable => (ErrorKind.Unreachable, "connection-lost", "check the agent on the node, then try again"),
        StatusCode.DeadlineExceeded => (ErrorKind.Unreachable, "no-answer", "look at the node's load and the agent's log, then try again"),
        StatusCode.Cancelled => (ErrorKind.Cancelled, "cancelled", ""),
        StatusCode.Unimplemented => (ErrorKind.OperationFailed, "agent-too-old",
            "update mcp-agent on the node to the version of this client (`mcp version`)"),
        _ => (ErrorKind.Internal, "agent-error", "see the agent's log on the node"),
    };

    /// <summary>An agent that reports what went wrong was reached, whatever the status. What it reports about a definition is a
    /// definition error.</summary>
    private static ErrorKind KindOfSent(ErrorKind kind, string id) => kind switch
    {
        ErrorKind.Unreachable => ErrorKind.OperationFailed,
        ErrorKind.Usage when id == "agent-too-old" => ErrorKind.OperationFailed,
        ErrorKind.Usage when id.Contains("definition", StringComparison.Ordinal) => ErrorKind.Definition,
        _ => kind,
    };

    private static string Message(RpcException error, NodeConfig node)
    {
        var name = Names.Of(node);
        var detail = error.Status.Detail is { Length: > 0 } text ? text : null;
        return error.StatusCode switch
        {
            StatusCode.Unauthenticated => $"{name} does not accept the token" + Because(detail),
            StatusCode.PermissionDenied => $"the token for {name} does not permit this" + Because(detail),
            StatusCode.Unavailable when error.Trailers.GetValue(ErrorTrailers.ErrorId) is null =>
                $"the connection to {name} was lost" + Because(detail),
            StatusCode.ResourceExhausted when error.Trailers.GetValue(ErrorTrailers.ErrorId) is null =>
                $"a message to or from {name} is too large" + Because(detail),
            StatusCode.DeadlineExceeded => $"{name} did not answer in time",
            StatusCode.Unimplemented => $"{name} does not know this request",
            StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss => $"{name} failed" + Because(detail),
            _ => detail ?? $"{name} answered {error.StatusCode}",
        };
    }

    private static string Because(string? detail) => detail is null ? "" : ": " + detail;

    private static string TokenPlace(NodeConfig node) => node.TokenPath ?? (node.Source.Length > 0 ? node.Source : "the config");

    private static McpException? Cause(RpcException error)
    {
        for (var cause = error.Status.DebugException ?? error.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is McpException known)
                return known;
        }
        return null;
    }
}
