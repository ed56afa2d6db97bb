namespace Mcp.Core.Operations;

/// <summary>An operation that was told to end and to take back what it has done.</summary>
/// <param name="Actor">Name of the token that began it.</param>
public sealed record CancelledOperation(string OperationId, OperationKind Kind, string Actor);
