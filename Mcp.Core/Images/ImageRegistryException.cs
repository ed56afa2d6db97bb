namespace Mcp.Core.Images;

/// <summary>
/// A failed request to an image registry. The message says what was requested, from which registry, and the registry's reason; it never
/// holds a secret.
/// </summary>
public sealed class ImageRegistryException : Exception
{
    public ImageRegistryException(ImageRegistryError error, string host, string message, string remedy, Exception? inner = null)
        : base(message, inner)
    {
        Error = error;
        Host = host;
        Remedy = remedy;
    }

    public ImageRegistryError Error { get; }

    /// <summary>The image registry as references name it: "docker.io", "registry.lan:5000".</summary>
    public string Host { get; }

    /// <summary>What to do next, as one sentence; names the file or the command.</summary>
    public string Remedy { get; }
}

public enum ImageRegistryError
{
    /// <summary>No connection: unknown name, refused, timed out.</summary>
    Unreachable,

    /// <summary>Its certificate is not trusted.</summary>
    UnknownCertificate,

    /// <summary>It requires credentials and got none, or wrong ones.</summary>
    Unauthorized,

    /// <summary>The credentials do not permit the request.</summary>
    Denied,

    /// <summary>The repository does not exist, and this registry does not create it on push.</summary>
    NotFound,

    RateLimited,

    ServerError,

    /// <summary>It accepts no pushes.</summary>
    ReadOnly,

    DiskFull,

    /// <summary>An auth file or a credential helper on this machine does not work.</summary>
    Credentials,

    /// <summary>It answers, but not as an image registry does.</summary>
    Protocol,
}
