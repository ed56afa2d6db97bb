namespace Mcp.Core.Protocol;

/// <summary>A message holds what no record can: a port that is none, a time out of range. The exception's text names the field.</summary>
public sealed class WireException(string message) : Exception(message);
