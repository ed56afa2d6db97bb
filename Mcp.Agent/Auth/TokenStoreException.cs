namespace Mcp.Agent.Auth;

/// <summary>The token file could not be read or changed, or what was asked of it makes no sense.</summary>
internal sealed class TokenStoreException(string message, string remedy, Exception? inner = null) : Exception(message, inner)
{
    public string Remedy { get; } = remedy;
}
