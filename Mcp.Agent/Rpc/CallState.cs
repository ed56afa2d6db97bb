using Grpc.Core;
using Mcp.Agent.Auth;

namespace Mcp.Agent.Rpc;

/// <summary>What the agent knows of a call beside what gRPC does.</summary>
internal static class CallState
{
    private static readonly object EndKey = new();
    private static readonly object BegunKey = new();
    private static readonly object RevokedKey = new();

    /// <summary>Who makes this call. There is one in every call whose policy has a role.</summary>
    public static Caller Caller(this ServerCallContext context) =>
        context.FindCaller() ?? throw new InvalidOperationException("the call was not authenticated");

    /// <summary>null when the call needed no token.</summary>
    public static Caller? FindCaller(this ServerCallContext context) => context.GetHttpContext().Features.Get<Caller>();

    public static void SetCaller(this HttpContext http, Caller caller) => http.Features.Set(caller);

    /// <summary>Cancelled when a handler has to end: the caller left, the deadline passed, or the agent stops and ends such
    /// calls.</summary>
    public static CancellationToken End(this ServerCallContext context) =>
        context.UserState.TryGetValue(EndKey, out var token) ? (CancellationToken)token : context.CancellationToken;

    /// <param name="token">Cancelled with the call's own token, too.</param>
    public static void EndAt(this ServerCallContext context, CancellationToken token) => context.UserState[EndKey] = token;

    /// <summary>The caller's token is no longer valid: the call ends.</summary>
    public static void MarkRevoked(this ServerCallContext context) => context.UserState[RevokedKey] = true;

    public static bool IsRevoked(this ServerCallContext context) => context.UserState.ContainsKey(RevokedKey);

    /// <summary>From here on the operation records its end in the audit itself, which may be long after the call.</summary>
    public static void MarkBegun(this ServerCallContext context) => context.UserState[BegunKey] = true;

    public static bool HasBegun(this ServerCallContext context) => context.UserState.ContainsKey(BegunKey);
}
