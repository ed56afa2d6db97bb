namespace Mcp.Agent.Auth;

/// <summary>The token file could not be read or changed, or the request is not valid.</summary>
internal sealed class TokenStoreException(string message, string remedy, Exception? inner = null) : Exception(message, inner)
{
    public string Remedy { get; } = remedy;
}
