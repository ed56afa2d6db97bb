using System.Management.Automation;
using Mcp.Core;
using Mcp.Core.Client;

namespace Mcp.PowerShell.Pipeline;

/// <summary>The one table from the client's errors to PowerShell's. The id is the error's own, the target what the user can act on: a node,
/// a name, a place in a file; the remedy is the recommended action, which PowerShell shows below the message.</summary>
internal static class ErrorRecords
{
    public static IReadOnlyList<ErrorRecord> From(McpException error, object? target = null) => error.Problems.Count == 0
        ? [Record(error, error.Id, Category(error.Kind), target ?? error.Node, error.Message, error.Remedy)]
        : [.. error.Problems.Select(
            problem => Record(error, error.Id, ErrorCategory.InvalidData, problem.ToObject(), Located(problem), problem.Remedy))];

    private static ErrorRecord Record(Exception error, string id, ErrorCategory category, object? target, string message, string remedy) =>
        new(error, id, category, target)
        {
            // Shown as it is: what comes from elsewhere must not act on the terminal.
            ErrorDetails = new ErrorDetails(SafeText.Of(message, lines: true)) { RecommendedAction = SafeText.Of(remedy, lines: true) },
        };

    private static string Located(Problem problem) =>
        problem.Line > 0 ? $"{problem.File}:{problem.Line}:{problem.Column}: {problem.Message}" : $"{problem.File}: {problem.Message}";

    private static ErrorCategory Category(ErrorKind kind) => kind switch
    {
        ErrorKind.Usage => ErrorCategory.InvalidArgument,
        ErrorKind.Definition => ErrorCategory.InvalidData,
        ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.Unreachable => ErrorCategory.ConnectionError,
        ErrorKind.Unauthenticated => ErrorCategory.AuthenticationError,
        ErrorKind.Forbidden => ErrorCategory.PermissionDenied,
        ErrorKind.Conflict => ErrorCategory.ResourceBusy,
        ErrorKind.OperationFailed => ErrorCategory.InvalidOperation,
        ErrorKind.Cancelled => ErrorCategory.OperationStopped,
        _ => ErrorCategory.NotSpecified,
    };
}
