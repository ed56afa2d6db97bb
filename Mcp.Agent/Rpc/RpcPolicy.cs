using System.Collections.Frozen;
using Mcp.Agent.Auth;
using static Mcp.Agent.Auth.Role;
using static Mcp.Agent.Rpc.AtStop;

namespace Mcp.Agent.Rpc;

/// <summary>What a stopping agent does with a call.</summary>
internal enum AtStop
{
    /// <summary>A call under way gets its answer; new ones are still answered while the connection lasts.</summary>
    Finish,

    /// <summary>New calls are refused. One in progress continues until its operation has ended.</summary>
    Refuse,

    /// <summary>New calls are refused, and one under way is ended: it may have no end of its own, or can be repeated.</summary>
    End,
}

/// <summary>How the agent treats one RPC.</summary>
/// <param name="Method">"/package.Service/Method", as gRPC names it.</param>
/// <param name="Role">The least role that permits it; null: no token is needed.</param>
/// <param name="Action">The name under which calls are audited; null: they are not.</param>
internal sealed record RpcPolicy(string Method, Role? Role, string? Action, AtStop AtStop)
{
    private const string Agent = "/mcp.v1.NodeAgent/";
    private const string Health = "/grpc.health.v1.Health/";

    private static readonly FrozenDictionary<string, RpcPolicy> Table = new RpcPolicy[]
    {
        new(Agent + "GetStatus", Viewer, null, Finish),
        new(Agent + "ListServices", Viewer, null, Finish),
        new(Agent + "GetNodeStatus", Viewer, null, Finish),
        new(Agent + "ListRoutes", Viewer, null, Finish),
        new(Agent + "ListReleases", Viewer, null, Finish),
        new(Agent + "FindImages", Viewer, null, Finish),
        new(Agent + "FindLayers", Viewer, null, Finish),
        new(Agent + "WatchOperation", Viewer, null, Finish),
        new(Agent + "GetLogs", Viewer, null, End),
        new(Agent + "GetEvents", Viewer, null, End),
        // What a plan takes from a caller is what a deploy takes, and what it tells is for whoever may deploy.
        new(Agent + "Plan", Operator, null, Finish),
        new(Agent + "GetAudit", Operator, null, End),
        new(Agent + "VerifyAudit", Operator, null, End),
        new(Agent + "Deploy", Operator, "deploy", Refuse),
        new(Agent + "Rollback", Operator, "rollback", Refuse),
        new(Agent + "Undeploy", Operator, "undeploy", Refuse),
        new(Agent + "Start", Operator, "start", Refuse),
        new(Agent + "Stop", Operator, "stop", Refuse),
        new(Agent + "Restart", Operator, "restart", Refuse),
        new(Agent + "CancelOperation", Operator, "cancel", Finish),
        new(Agent + "SendLayer", Operator, "send-layer", End) { IsStream = true },
        new(Agent + "AddImage", Operator, "load-image", End),
        // Probes have no token, and learn nothing but that the agent serves.
        new(Health + "Check", null, null, Finish),
        new(Health + "Watch", Viewer, null, Finish),
    }.ToFrozenDictionary(policy => policy.Method);

    /// <summary>The caller sends requests for as long as the call lasts.</summary>
    public bool IsStream { get; private init; }

    public static IEnumerable<RpcPolicy> All => Table.Values;

    /// <returns>null when the agent has no such RPC: no role permits it.</returns>
    public static RpcPolicy? Find(string method) => Table.GetValueOrDefault(method);
}
