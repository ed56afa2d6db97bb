using Mcp.Core.Client.Connections;

namespace Mcp.Core.Client.Workstation;

/// <summary>One [[nodes]] entry: how to reach an agent, how to know that it is the right one, and who we are to it.</summary>
public sealed record NodeConfig
{
    public required string Name { get; init; }

    public required Uri Address { get; init; }

    /// <summary>The certificate that the agent must show; null when a CA is trusted instead.</summary>
    public CertificateFingerprint? Fingerprint { get; init; }

    /// <summary>Full path of a PEM file with the CA (or CAs) that the agent's certificate must come from. null together with
    /// <see cref="Fingerprint"/>: those that the machine trusts.</summary>
    public string? CaCertificatePath { get; init; }

    /// <summary>A certificate from a CA that the machine trusts is enough.</summary>
    public bool TrustsMachine => Fingerprint is null && CaCertificatePath is null;

    /// <summary>null when it is in <see cref="TokenPath"/>.</summary>
    public Secret? Token { get; init; }

    /// <summary>Full path.</summary>
    public string? TokenPath { get; init; }

    /// <summary>"/home/me/.config/mcp/mcp.toml:3".</summary>
    public string Source { get; init; } = "";

    /// <summary>The token, read from its file now if it is in one.</summary>
    /// <exception cref="McpException">There is none, or the file can't be read.</exception>
    public Secret ReadToken()
    {
        if (Token is not null)
            return Token;
        if (TokenPath is null)
            throw Unusable("no-token", $"node {Name} has no token", "give it a token or token_path in the config");
        try
        {
            return TokenFile.Parse(File.ReadAllText(TokenPath))
                ?? throw Unusable("no-token", $"the token file {TokenPath} of node {Name} holds no token",
                    "put the token that `mcp-agent token create` printed into it, on one line");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable("no-token", $"the token file {TokenPath} of node {Name} can't be read: {e.Message}",
                "put the token there, or correct token_path in the config");
        }
    }

    /// <summary>A token as it was typed, piped or kept in a file; null when the text is none.</summary>
    public static Secret? ParseToken(string text) => TokenFile.Parse(text);

    private McpException Unusable(string id, string message, string remedy) => new(ErrorKind.Usage, id, message, remedy, Name);
}
