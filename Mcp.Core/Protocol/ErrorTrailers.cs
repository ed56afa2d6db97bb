namespace Mcp.Core.Protocol;

/// <summary>What an agent's refusal carries beside gRPC status and message, as trailers.</summary>
public static class ErrorTrailers
{
    /// <summary>Stable, kebab-case, ASCII: image-not-found, token-wrong, ...</summary>
    public const string ErrorId = "mcp-error-id";

    /// <summary>What to do next. UTF-8 in a binary trailer, since it may quote what a person wrote.</summary>
    public const string Remedy = "mcp-remedy-bin";
}
