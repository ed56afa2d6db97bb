namespace Mcp.Core.Images;

/// <summary>How this workstation talks to image registries.</summary>
public sealed record ImageRegistrySettings
{
    /// <summary>By host[:port], as references name it. A host that is not here is asked over TLS that the system trusts.</summary>
    public IReadOnlyDictionary<string, ImageRegistryHost> Hosts { get; init; } = new Dictionary<string, ImageRegistryHost>();

    /// <summary>Of one request, answer's headers included.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a request is sent before "busy" or "broken" is believed.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The longest single wait that a registry's Retry-After may ask for; a longer one fails at once and says when to come back.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What remedies call the file in which these settings are written.</summary>
    public string ConfigFile { get; init; } = "mcp.toml";

    /// <summary>podman or docker: whose <c>login</c> remedies name.</summary>
    public string Engine { get; init; } = "podman";

    /// <summary>Folders with one folder per host[:port] that holds *.crt files of CAs, as podman and docker read them.</summary>
    public IReadOnlyList<string> CertificateFolders { get; init; } = DefaultCertificateFolders;

    public static IReadOnlyList<string> DefaultCertificateFolders { get; } = OperatingSystem.IsWindows()
        ? []
        : [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config/containers/certs.d"), "/etc/containers/certs.d", "/etc/docker/certs.d"];

    internal ImageRegistryHost For(string host) => Hosts.TryGetValue(host, out var settings) ? settings : ImageRegistryHost.Default;
}

/// <param name="Insecure">Plain HTTP is allowed and certificates are not checked.</param>
/// <param name="CaFile">PEM file with CAs to trust besides the system's.</param>
public sealed record ImageRegistryHost(bool Insecure = false, string? CaFile = null)
{
    internal static readonly ImageRegistryHost Default = new();
}
