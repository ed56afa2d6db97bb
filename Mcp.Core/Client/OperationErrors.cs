using Mcp.Core.Operations;

namespace Mcp.Core.Client;

/// <summary>The one table from how operations fail to what the client side throws.</summary>
public static class OperationErrors
{
    public static McpException ToException(this OperationFailure failure, string node) =>
        new(KindOf(failure.Id), failure.Id, failure.Message, failure.Remedy, node);

    private static ErrorKind KindOf(string id) => id switch
    {
        "no-result" => ErrorKind.Internal,
        "image-not-found" => ErrorKind.NotFound,
        "port-taken" or "name-taken" => ErrorKind.Conflict,
        _ => ErrorKind.OperationFailed,
    };
}
