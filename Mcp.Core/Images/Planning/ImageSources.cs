using Mcp.Core.Collections;

namespace Mcp.Core.Images.Planning;

/// <summary>Looks whether what a plan wants to build is there, before the first build has taken its time.</summary>
public static class ImageSources
{
    /// <returns>The plan, with a fault on each image whose sources are missing.</returns>
    public static ImagePlan Verify(ImagePlan plan) => new(plan.Images.Select(Verify).ToValueList());

    private static PlannedImage Verify(PlannedImage image)
    {
        if (image.Build is not { } build)
            return image;
        if (!Directory.Exists(build.Context))
            return image with { Build = null, Fault = new($"it can't be built: folder {build.Context} is not there", "check 'path' in the definition, and workspace under [build] in the workstation's config") };
        return File.Exists(build.Dockerfile)
            ? image
            : image with { Build = null, Fault = new($"it can't be built: Dockerfile {build.Dockerfile} is not there", "correct its path under [build.images]; it is relative to the service's source folder") };
    }
}
