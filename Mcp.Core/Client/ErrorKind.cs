namespace Mcp.Core.Client;

/// <summary>What sort of failure a caller sees: decides the exit code of `mcp` and the category of PowerShell's error records.</summary>
public enum ErrorKind
{
    /// <summary>The request makes no sense as given: a missing argument, a choice that is left open.</summary>
    Usage,

    /// <summary>A file that a person wrote is wrong; <see cref="McpException.Problems"/> says where.</summary>
    Definition,

    NotFound,

    /// <summary>No connection, or none that can be trusted.</summary>
    Unreachable,

    Unauthenticated,

    Forbidden,

    /// <summary>Another operation has it locked, or it exists already.</summary>
    Conflict,

    /// <summary>The node was reached and could not do it.</summary>
    OperationFailed,

    Cancelled,

    Internal,
}
