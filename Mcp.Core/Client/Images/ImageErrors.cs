using Mcp.Core.Images;
using Mcp.Core.Images.Building;

namespace Mcp.Core.Client.Images;

/// <summary>The one table from what image registries and engines fail with to what the client side throws.</summary>
internal static class ImageErrors
{
    public static bool Covers(Exception e) => e is ImageRegistryException or ImageBuildException;

    public static McpException From(Exception e) => e switch
    {
        ImageRegistryException registry => From(registry),
        ImageBuildException build => From(build),
        _ => throw new ArgumentException($"{e.GetType().Name} is no error of an image registry or an engine", nameof(e)),
    };

    /// <summary>One error that names every image that is not available. An image registry that did not answer decides which kind of error
    /// it is.</summary>
    /// <param name="images">Each has a fault.</param>
    public static McpException Missing(IReadOnlyList<PlannedImage> images)
    {
        var groups = images.GroupBy(i => i.Fault!).ToList();
        var failure = images.Select(i => i.Check.Failure).FirstOrDefault(f => f is not null);
        var (kind, id) = failure is null ? (ErrorKind.NotFound, "images-missing") : Classify(failure.Error);
        if (groups.Count == 1)
            return new(kind, id, $"{Names(groups[0])}: {groups[0].Key.Message}", groups[0].Key.Remedy);
        var lines = groups.Select(g => $"\n    {Names(g)}: {g.Key.Message}\n      → {g.Key.Remedy}");
        return new(kind, id, $"{images.Count} images are not available:{string.Concat(lines)}");
    }

    private static string Names(IEnumerable<PlannedImage> images) => string.Join(", ", images.Select(i => i.Need.ToString()).Distinct());

    private static McpException From(ImageRegistryException e)
    {
        var (kind, id) = Classify(e.Error);
        return new(kind, id, e.Message, e.Remedy, inner: e);
    }

    private static McpException From(ImageBuildException e)
    {
        var (kind, id) = e.Error switch
        {
            ImageBuildError.EngineMissing => (ErrorKind.NotFound, "engine-missing"),
            ImageBuildError.EngineUnreachable => (ErrorKind.OperationFailed, "engine-unreachable"),
            ImageBuildError.ContextMissing => (ErrorKind.NotFound, "source-missing"),
            ImageBuildError.DockerfileMissing => (ErrorKind.NotFound, "dockerfile-missing"),
            ImageBuildError.BadDockerfile => (ErrorKind.OperationFailed, "invalid-dockerfile"),
            ImageBuildError.BaseImage => (ErrorKind.OperationFailed, "base-image"),
            ImageBuildError.StepFailed => (ErrorKind.OperationFailed, "build-failed"),
            ImageBuildError.DiskFull => (ErrorKind.OperationFailed, "disk-full"),
            ImageBuildError.ImageMissing => (ErrorKind.NotFound, "image-missing"),
            _ => (ErrorKind.OperationFailed, "engine-failed"),
        };
        return new(kind, id, e.Message, e.Remedy, inner: e);
    }

    private static (ErrorKind Kind, string Id) Classify(ImageRegistryError error) => error switch
    {
        ImageRegistryError.Unreachable => (ErrorKind.Unreachable, "registry-unreachable"),
        ImageRegistryError.UnknownCertificate => (ErrorKind.Unreachable, "registry-untrusted"),
        ImageRegistryError.Unauthorized => (ErrorKind.Unauthenticated, "registry-login"),
        ImageRegistryError.Denied => (ErrorKind.Forbidden, "registry-denied"),
        ImageRegistryError.NotFound => (ErrorKind.NotFound, "repository-missing"),
        ImageRegistryError.RateLimited => (ErrorKind.OperationFailed, "registry-rate-limited"),
        ImageRegistryError.ReadOnly => (ErrorKind.OperationFailed, "registry-read-only"),
        ImageRegistryError.DiskFull => (ErrorKind.OperationFailed, "disk-full"),
        ImageRegistryError.Credentials => (ErrorKind.Unauthenticated, "registry-credentials"),
        ImageRegistryError.Protocol => (ErrorKind.OperationFailed, "registry-protocol"),
        _ => (ErrorKind.OperationFailed, "registry-failed"),
    };
}
