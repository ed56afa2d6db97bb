using System.Net;
using Mcp.Core.Definitions;

namespace Mcp.Core.Images.Distribution;

/// <summary>Where one image reference leads.</summary>
/// <param name="Name">The image registry as people, auth files and settings name it.</param>
/// <param name="Authority">host[:port] that answers for it.</param>
/// <param name="Reference">Tag or digest.</param>
internal sealed record ImageRegistryEndpoint(string Name, string Authority, string Repository, string Reference)
{
    public const string DockerHub = "docker.io";

    /// <summary>A reference without a registry means Docker Hub, to every engine.</summary>
    public static ImageRegistryEndpoint For(ImageReference image)
    {
        var name = image.Registry is null or "index.docker.io" or "registry-1.docker.io" ? DockerHub : image.Registry;
        var reference = image.Digest ?? image.Tag ?? "latest";
        return name == DockerHub
            ? new(name, "registry-1.docker.io", (image.Repository.Contains('/') ? "" : "library/") + image.Repository, reference)
            : new(name, name, image.Repository, reference);
    }

    public bool HasPort => Authority.LastIndexOf(':') > Authority.LastIndexOf(']');

    public bool IsLoopback
    {
        get
        {
            var host = HasPort ? Authority[..Authority.LastIndexOf(':')] : Authority;
            return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        }
    }

    public Uri Root(string scheme) => new($"{scheme}://{Authority}/v2/");

    public Uri Manifest(string scheme) => new($"{scheme}://{Authority}/v2/{Repository}/manifests/{Reference}");
}
