using Grpc.Core;

namespace Mcp.Agent.Rpc;

internal static class CallEnd
{
    private static readonly object Key = new();

    /// <summary>When a handler has to come to an end: the caller has left, the deadline has passed, or, for calls that a stopping agent ends, it stops.</summary>
    public static CancellationToken End(this ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out var token) ? (CancellationToken)token : context.CancellationToken;

    /// <param name="token">Cancelled with the call's own token, too.</param>
    public static void EndAt(this ServerCallContext context, CancellationToken token) => context.UserState[Key] = token;
}
