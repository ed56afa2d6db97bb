using Mcp.Core.Client.Workstation;

namespace Mcp.Core.Client;

/// <summary>What one node of several answered: a value, or why there is none.</summary>
public sealed record NodeResult<T>(NodeConfig Node, T? Value, McpException? Error)
{
    public bool Succeeded => Error is null;
}
