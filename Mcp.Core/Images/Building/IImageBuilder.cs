using Mcp.Core.Definitions;

namespace Mcp.Core.Images.Building;

/// <summary>Builds, pushes and exports images with the workstation's engine.</summary>
public interface IImageBuilder
{
    /// <summary>Builds one Dockerfile and tags the result. The tag is set only after the build has succeeded.</summary>
    /// <param name="output">Called for each line as it comes, one call at a time.</param>
    /// <exception cref="ImageBuildException">The engine, the Dockerfile or one of its steps failed.</exception>
    Task<ImageBuildResult> BuildAsync(ImageBuildRequest request, IProgress<ImageOutput>? output, CancellationToken cancellationToken);

    /// <summary>Pushes the image with this name; returns its digest in the image registry.</summary>
    /// <exception cref="ImageRegistryException">The image registry refused it.</exception>
    /// <exception cref="ImageBuildException">The engine failed.</exception>
    Task<string> PushAsync(ImageReference image, ImageRegistryTransport transport, IProgress<ImageOutput>? output,
        CancellationToken cancellationToken);

    /// <summary>The image with this name in the workstation's engine; null when there is none.</summary>
    Task<LocalImage?> FindAsync(ImageReference image, CancellationToken cancellationToken);

    /// <summary>Takes an image's configuration and some of its layers out of the engine.</summary>
    /// <param name="image">As <see cref="FindAsync"/> found it.</param>
    /// <param name="layers">Diff ids of layers that the image has.</param>
    /// <exception cref="ImageBuildException">The engine no longer has the image, or failed.</exception>
    Task<ImageExport> ExportAsync(LocalImage image, IReadOnlyCollection<string> layers, CancellationToken cancellationToken);
}
