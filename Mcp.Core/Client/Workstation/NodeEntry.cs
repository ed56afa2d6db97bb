using Mcp.Core.Client.Connections;

namespace Mcp.Core.Client.Workstation;

/// <summary>A node to be written into the config.</summary>
public sealed record NodeEntry
{
    public required string Name { get; init; }

    public required Uri Address { get; init; }

    public CertificateFingerprint? Fingerprint { get; init; }

    /// <summary>Full path.</summary>
    public string? CaCertificatePath { get; init; }

    /// <summary>Full path of the file that holds the token; null: one is made for <see cref="Token"/> beside the config.</summary>
    public string? TokenPath { get; init; }

    public Secret? Token { get; init; }

    /// <summary>As it will be once written, for trying it before.</summary>
    public NodeConfig ToConfig() => new()
    {
        Name = Name, Address = Address, Fingerprint = Fingerprint, CaCertificatePath = CaCertificatePath,
        TokenPath = TokenPath, Token = TokenPath is null ? Token : null,
    };
}
