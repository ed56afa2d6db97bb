using System.Collections.Frozen;

namespace Mcp.Agent.Auth;

/// <summary>The role that each RPC needs: the one place where that is said. What isn't listed is refused to everyone.</summary>
internal static class RoleTable
{
    private static readonly FrozenDictionary<string, Role> Roles = new Dictionary<string, Role>
    {
        ["/mcp.v1.NodeAgent/GetStatus"] = Role.Viewer,
        ["/mcp.v1.NodeAgent/ListServices"] = Role.Viewer,
        ["/mcp.v1.NodeAgent/GetNodeStatus"] = Role.Viewer,
        ["/mcp.v1.NodeAgent/GetLogs"] = Role.Viewer,
        ["/mcp.v1.NodeAgent/ListRoutes"] = Role.Viewer,
        ["/mcp.v1.NodeAgent/GetEvents"] = Role.Viewer,
        ["/mcp.v1.NodeAgent/WatchOperation"] = Role.Viewer,
        ["/mcp.v1.NodeAgent/FindImages"] = Role.Viewer,
        ["/mcp.v1.NodeAgent/Plan"] = Role.Viewer,
        ["/mcp.v1.NodeAgent/ListReleases"] = Role.Viewer,
        ["/mcp.v1.NodeAgent/GetAudit"] = Role.Operator,
        ["/mcp.v1.NodeAgent/Rollback"] = Role.Operator,
        ["/mcp.v1.NodeAgent/Deploy"] = Role.Operator,
        ["/mcp.v1.NodeAgent/Undeploy"] = Role.Operator,
        ["/mcp.v1.NodeAgent/Start"] = Role.Operator,
        ["/mcp.v1.NodeAgent/Stop"] = Role.Operator,
        ["/mcp.v1.NodeAgent/Restart"] = Role.Operator,
        ["/mcp.v1.NodeAgent/LoadImage"] = Role.Operator,
    }.ToFrozenDictionary();

    public static IEnumerable<string> Methods => Roles.Keys;

    /// <param name="method">"/package.Service/Method", as gRPC names it.</param>
    /// <returns>null: nobody may.</returns>
    public static Role? RoleFor(string method) => Roles.TryGetValue(method, out var role) ? role : null;
}
