using Mcp.Core.Collections;

namespace Mcp.Core.Client.Images;

/// <summary>Checks that the sources of all builds exist, before the first build takes its time.</summary>
public static class ImageSources
{
    /// <returns>The images, with a fault on each image whose sources are missing.</returns>
    public static ValueList<PlannedImage> Verify(IEnumerable<PlannedImage> images) => images.Select(Verify).ToValueList();

    private static PlannedImage Verify(PlannedImage image)
    {
        if (image.Build is not { } build)
            return image;
        if (!Directory.Exists(build.Context))
            return image with { Build = null,
                Fault = new(
                    $"it can't be built: folder {build.Context} does not exist",
                    "check 'path' in the definition, and workspace under [build] in the workstation's config") };
        return File.Exists(build.Dockerfile)
            ? image
            : image with { Build = null,
                Fault = new(
                    $"it can't be built: Dockerfile {build.Dockerfile} does not exist",
                    "correct its path under [build.images]; it is relative to the service's source folder") };
    }
}
