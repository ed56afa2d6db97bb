namespace Mcp.Agent.Auth;

/// <summary>Says whose token it is. The boundary behind which tokens could live somewhere else than in a file.</summary>
internal interface ITokenValidator
{
    /// <summary>null when no such token is known. Throws <see cref="TokenStoreException"/> when tokens can't be checked.</summary>
    TokenOwner? Validate(string token);
}

/// <param name="ExpiredAt">null: the token is valid.</param>
internal sealed record TokenOwner(string Name, Role Role, DateTimeOffset? ExpiredAt = null);
