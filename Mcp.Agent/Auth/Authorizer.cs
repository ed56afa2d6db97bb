using System.Text;
using Grpc.Core;
using Mcp.Core.Protocol;

namespace Mcp.Agent.Auth;

/// <summary>Decides whether a call may go on. Default deny: no token, no role in the table, no way in.</summary>
internal sealed class Authorizer(ITokenValidator tokens, FailedAttempts failures, ILogger<Authorizer> logger)
{
    private const string Scheme = "Bearer ";

    /// <summary>Notes the caller in the context, or throws the <see cref="RpcException"/> that the client is to see.</summary>
    public void Authorize(ServerCallContext context)
    {
        if (TokenOf(context) is not { } token)
            throw Refuse(context, StatusCode.Unauthenticated, "token-missing", "the call carries no token",
                "give the client the node's token (token or token_path in mcp.toml); the node's operator makes one with `mcp-agent token create`");

        if (Owner(context, token) is not { } owner)
            throw Refuse(context, StatusCode.Unauthenticated, "token-wrong", "the agent does not know this token",
                "check that the token belongs to this node and was not revoked (`mcp-agent token list` on the node); make a new one with `mcp-agent token create`");

        if (RoleTable.RoleFor(context.Method) is not { } needed)
            throw Refuse(context, StatusCode.PermissionDenied, "method-closed", $"{context.Method} is open to nobody",
                "use an agent and a client of the same version");

        // Noted before the refusal: who tried is worth knowing, too.
        context.SetCaller(new(owner.Name, owner.Role, context.Peer));
        if (owner.Role < needed)
            throw Refuse(context, StatusCode.PermissionDenied, "role-too-low",
                $"{MethodName(context)} needs the role {needed.ToText()}, and the token '{owner.Name}' has the role {owner.Role.ToText()}",
                $"use a token with the role {needed.ToText()}; the node's operator makes one with `mcp-agent token create --name NAME --role {needed.ToText()}`");
    }

    private TokenOwner? Owner(ServerCallContext context, string token)
    {
        try
        {
            return tokens.Validate(token);
        }
        catch (TokenStoreException e)
        {
            // The details are for the node's operator, not for someone who may be a stranger.
            logger.LogError("Calls are refused because tokens can't be checked: {Problem}; {Remedy}", e.Message, e.Remedy);
            throw Error(StatusCode.Unavailable, "tokens-unreadable", $"the agent at {context.Host} can't check tokens at the moment", "look at the agent's log on the node");
        }
    }

    private RpcException Refuse(ServerCallContext context, StatusCode status, string id, string message, string remedy)
    {
        if (failures.ShouldLog(context.Peer, out var suppressed))
            logger.LogWarning("Refused {Method} from {Peer}: {Reason}{Suppressed}", MethodName(context), context.Peer, message,
                suppressed > 0 ? $" ({suppressed} more since the last line)" : "");
        return Error(status, id, message, remedy);
    }

    private static RpcException Error(StatusCode status, string id, string message, string remedy) =>
        new(new Status(status, message), new Metadata
        {
            { ErrorTrailers.ErrorId, id },
            { ErrorTrailers.Remedy, Encoding.UTF8.GetBytes(remedy) },
        });

    private static string? TokenOf(ServerCallContext context) =>
        context.RequestHeaders.GetValue("authorization") is { } header && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && header[Scheme.Length..].Trim() is { Length: > 0 } token
            ? token
            : null;

    private static string MethodName(ServerCallContext context) => context.Method[(context.Method.LastIndexOf('/') + 1)..];
}
