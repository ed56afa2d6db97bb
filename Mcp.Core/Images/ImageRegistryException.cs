namespace Mcp.Core.Images;

/// <summary>What an image registry did not do. The message says what was asked, of whom, and the registry's own words; it never holds a secret.</summary>
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
    /// <summary>Nobody answers: name unknown, refused, timed out.</summary>
    Unreachable,

    /// <summary>It answers with a certificate that nobody here vouches for.</summary>
    UnknownCertificate,

    /// <summary>It wants to know who asks, and got no credentials or wrong ones.</summary>
    Unauthorized,

    /// <summary>It knows who asks, and says no.</summary>
    Denied,

    /// <summary>The repository is not there, and this registry makes none by itself.</summary>
    NotFound,

    RateLimited,

    ServerError,

    /// <summary>It takes no pushes.</summary>
    ReadOnly,

    DiskFull,

    /// <summary>An auth file or a credential helper on this machine does not work.</summary>
    Credentials,

    /// <summary>It answers, but not as an image registry does.</summary>
    Protocol,
}
