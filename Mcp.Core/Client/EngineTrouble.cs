namespace Mcp.Core.Client;

/// <summary>A node whose agent answers and whose container engine does not.</summary>
public static class EngineTrouble
{
    /// <param name="node">The node's name.</param>
    /// <param name="engineError">What the agent says, with a remedy.</param>
    public static McpException Of(string node, string engineError) =>
        new(ErrorKind.OperationFailed, "engine-unreachable", engineError, node: node);
}
