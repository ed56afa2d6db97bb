using Mcp.Core.Definitions;

namespace Mcp.Core.Images.Building;

/// <summary>The workstation's side of images: the engine there builds them, pushes them, and hands them over as archives.</summary>
public interface IImageBuilder
{
    /// <summary>Builds one Dockerfile and tags the result. Nothing carries the tag before the build has succeeded.</summary>
    /// <param name="output">Called for each line as it comes, one call at a time.</param>
    /// <exception cref="ImageBuildException">The engine, the Dockerfile or one of its steps failed.</exception>
    Task<ImageBuildResult> BuildAsync(ImageBuildRequest request, IProgress<ImageOutput>? output, CancellationToken cancellationToken);

    /// <summary>Pushes what the engine has under this name; returns the digest that the image registry knows it by.</summary>
    /// <exception cref="ImageRegistryException">The image registry did not take it.</exception>
    /// <exception cref="ImageBuildException">The engine failed.</exception>
    Task<string> PushAsync(ImageReference image, ImageRegistryTransport transport, IProgress<ImageOutput>? output, CancellationToken cancellationToken);

    /// <summary>What the engine on this workstation has under this name; null when nothing.</summary>
    Task<LocalImage?> FindAsync(ImageReference image, CancellationToken cancellationToken);

    /// <summary>Writes the image as an archive that <see cref="LoadAsync"/> and every engine's API can load.</summary>
    Task SaveAsync(ImageReference image, Stream destination, CancellationToken cancellationToken);

    /// <summary>Reads an archive into the engine; returns the names that it brought.</summary>
    Task<IReadOnlyList<string>> LoadAsync(Stream archive, CancellationToken cancellationToken);
}
