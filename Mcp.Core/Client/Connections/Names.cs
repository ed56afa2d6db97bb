using Mcp.Core.Client.Workstation;

namespace Mcp.Core.Client.Connections;

/// <summary>How messages name things.</summary>
internal static class Names
{
    public static string Of(NodeConfig node) => $"node {node.Name} ({NodeAddress.Display(node.Address)})";
}
