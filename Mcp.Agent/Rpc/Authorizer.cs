using Grpc.Core;
using Mcp.Agent.Auth;
using Mcp.Core;

namespace Mcp.Agent.Rpc;

/// <summary>Decides who calls and what they may do. Default deny: no token, no policy for the RPC, no way in.</summary>
internal sealed class Authorizer(ITokenValidator tokens, FailedAttempts failures, ILogger<Authorizer> logger)
{
    private const string Scheme = "Bearer ";
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(2);

    /// <summary>The caller, whatever their role permits. Throws the <see cref="RpcException"/> that the client is to see.</summary>
    /// <param name="method">"/package.Service/Method".</param>
    /// <param name="authorization">The header of that name; null: there is none.</param>
    /// <param name="peer">"ipv4:10.0.0.1:51234".</param>
    public Caller Authenticate(string method, string? authorization, string peer)
    {
        if (TokenIn(authorization) is not { } token)
            throw Refuse(method, peer, StatusCode.Unauthenticated, "token-missing", "the call carries no token",
                "give the client the node's token (token or token_path in mcp.toml); "
                + "the node's operator makes one with `mcp-agent token create`");

        if (OwnerOf(token) is not { } owner)
            throw Refuse(method, peer, StatusCode.Unauthenticated, "token-wrong", "the agent does not know this token",
                "check that the token belongs to this node and was not revoked (`mcp-agent token list` on the node); "
                + "make a new one with `mcp-agent token create`");

        if (owner.ExpiredAt is { } at)
            throw Refuse(method, peer, StatusCode.Unauthenticated, "token-expired",
                $"the token '{owner.Name}' expired at {at:yyyy-MM-dd HH:mm} UTC",
                $"make another one on the node with `mcp-agent token rotate {owner.Name}`");

        return new(owner.Name, owner.Role, peer);
    }

    /// <summary>Calls this once when the token of a call that is in progress has been revoked, has been replaced or has expired, within
    /// seconds.</summary>
    public ITimer Watch(string? authorization, Action refused, TimeProvider time) => time.CreateTimer(
        _ =>
        {
            if (!IsValid(authorization))
                refused();
        }, null, WatchInterval, WatchInterval);

    private bool IsValid(string? authorization)
    {
        try
        {
            return TokenIn(authorization) is { } token && tokens.Validate(token) is { ExpiredAt: null };
        }
        catch (TokenStoreException)
        {
            // Not known: new calls are refused, and say so; what is in progress continues.
            return true;
        }
    }

    /// <summary>Throws the <see cref="RpcException"/> that the client is to see when the caller's role is below
    /// <paramref name="needed"/>.</summary>
    public void Permit(string method, Role needed, Caller caller)
    {
        if (caller.Role < needed)
            throw Refuse(method, caller.Peer, StatusCode.PermissionDenied, "role-too-low",
                $"{Short(method)} needs the role {needed.ToText()}, and the token '{caller.Name}' has the role {caller.Role.ToText()}",
                $"use a token with the role {needed.ToText()}; the node's operator makes one with "
                + $"`mcp-agent token create --name NAME --role {needed.ToText()}`");
    }

    /// <summary>For an RPC without a policy.</summary>
    public RpcException Closed(string method, string peer) => Refuse(method, peer, StatusCode.PermissionDenied, "method-closed",
        $"no role permits {SafeText.Line(method, 200)}", "use an agent and a client of the same version");

    private TokenOwner? OwnerOf(string token)
    {
        try
        {
            return tokens.Validate(token);
        }
        catch (TokenStoreException e)
        {
            // The details are for the node's operator, not for someone who may be a stranger.
            logger.LogError("Calls are refused because tokens can't be checked: {Problem}; {Remedy}", e.Message, e.Remedy);
            throw ErrorTable.Make(
                StatusCode.Unavailable, "the agent can't check tokens at the moment", "look at the agent's log on the node",
                "tokens-unreadable");
        }
    }

    private RpcException Refuse(string method, string peer, StatusCode status, string id, string message, string remedy)
    {
        if (failures.ShouldNote(FailedAttempts.OfPeer(peer), out var more))
            logger.LogWarning("Refused {Method} from {Peer}: {Reason}{More}", SafeText.Line(Short(method), 63), peer, message,
                more > 0 ? $" ({more} more since the last line)" : "");
        return ErrorTable.Make(status, message, remedy, id);
    }

    private static string? TokenIn(string? authorization) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && authorization[Scheme.Length..].Trim() is { Length: > 0 } token
            ? token
            : null;

    private static string Short(string method) => method[(method.LastIndexOf('/') + 1)..];
}
