namespace Mcp.Core.Images;

/// <summary>How this workstation talks to image registries.</summary>
public sealed record ImageRegistrySettings
{
    /// <summary>By host[:port], as references name it. Other hosts are asked over TLS with the system's trust.</summary>
    public IReadOnlyDictionary<string, ImageRegistryHost> Hosts { get; init; } = new Dictionary<string, ImageRegistryHost>();

    /// <summary>Time limit of one request, answer included.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a request is sent before its failure is final.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>
    /// The longest single wait that a registry's Retry-After may ask for; a longer one fails at once and says when to come back.
    /// </summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The name of these settings' file, for remedies.</summary>
    public string ConfigFile { get; init; } = "mcp.toml";

    /// <summary>podman or docker: the program whose <c>login</c> remedies name.</summary>
    public string Engine { get; init; } = "podman";

    /// <summary>Folders with one folder per host[:port] that holds *.crt files of CAs, as podman and docker read them.</summary>
    public IReadOnlyList<string> CertificateFolders { get; init; } = DefaultCertificateFolders;

    public static IReadOnlyList<string> DefaultCertificateFolders { get; } = OperatingSystem.IsWindows()
        ? []
        : [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config/containers/certs.d"),
            "/etc/containers/certs.d", "/etc/docker/certs.d"];

    internal ImageRegistryHost For(string host) => Hosts.TryGetValue(host, out var settings) ? settings : ImageRegistryHost.Default;
}

/// <param name="Insecure">Plain HTTP is allowed and certificates are not checked.</param>
/// <param name="CaFile">PEM file with CAs trusted in addition to the system's.</param>
public sealed record ImageRegistryHost(bool Insecure = false, string? CaFile = null)
{
    internal static readonly ImageRegistryHost Default = new();
}
