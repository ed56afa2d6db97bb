using Mcp.Agent.Auth;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>What a caller wants done to a service.</summary>
/// <param name="Component">null: all of the service's.</param>
internal sealed record OperationRequest(OperationKind Kind, string Service, string? Component, Caller Caller)
{
    /// <summary>Of a deploy; null for all others.</summary>
    public ServiceDefinition? Definition { get; init; }

    /// <summary>Of a deploy and, <see cref="OperationOptions.Force"/> alone, of a rollback.</summary>
    public OperationOptions Options { get; init; } = OperationOptions.Default;

    /// <summary>Of a rollback: the release to go back to; null: the last successful one before the current release.</summary>
    public int? ToRelease { get; init; }
}
