using Grpc.Core;

namespace Mcp.Agent.Auth;

internal static class CallerContext
{
    private static readonly object Key = new();

    /// <summary>Who makes this call. There is one in every call that got past <see cref="AuthInterceptor"/>.</summary>
    public static Caller Caller(this ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out var caller) ? (Caller)caller : throw new InvalidOperationException("the call was not authorised");

    internal static void SetCaller(this ServerCallContext context, Caller caller) => context.UserState[Key] = caller;

    /// <summary>null when the call carried no token that the agent knows.</summary>
    internal static Caller? FindCaller(this ServerCallContext context) => context.UserState.TryGetValue(Key, out var caller) ? (Caller)caller : null;
}
