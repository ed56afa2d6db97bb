using System.Diagnostics;

namespace Mcp.Core.Images.Credentials;

/// <summary>The login at one image registry. Not a record: nothing may print the secrets by accident.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ImageRegistryCredential
{
    internal ImageRegistryCredential(string username, string password, string? identityToken, string source)
    {
        Username = username;
        Password = password;
        IdentityToken = string.IsNullOrEmpty(identityToken) ? null : identityToken;
        Source = source;
    }

    public string Username { get; }

    /// <summary>The file or the helper it comes from, for messages.</summary>
    public string Source { get; }

    internal string Password { get; }

    /// <summary>A refresh token to be traded for access tokens; the password is empty then.</summary>
    internal string? IdentityToken { get; }

    public override string ToString() => $"{Username} (from {Source})";
}
