using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Images.Building;

namespace Mcp.Core.Client.Images;

/// <param name="Workspace">Full path of the folder that holds the services' sources; null when none is set.</param>
/// <param name="MayBuild">false: --no-build, -SkipBuild.</param>
/// <param name="Rebuild">Build also what is there.</param>
public sealed record ImagePlanOptions(string? Workspace, bool MayBuild = true, bool Rebuild = false)
{
    /// <summary>How faults say that an image is not where it was looked for.</summary>
    public string Absent { get; init; } = "the image registry does not have it";

    /// <summary>How a plan says it.</summary>
    public string AbsentReason { get; init; } = "not in the image registry";

    public Delivery Delivery { get; init; }
}

/// <summary>Decides what is to be done about each image; pure.</summary>
public static class ImagePlanner
{
    public static ValueList<PlannedImage> Plan(ServiceDefinition definition, IEnumerable<ImageCheck> checks, ImagePlanOptions options) =>
        checks.Select(c => Plan(definition, c, options)).ToValueList();

    private static PlannedImage Plan(ServiceDefinition definition, ImageCheck check, ImagePlanOptions options)
    {
        var planned = new PlannedImage(check, options.Delivery);
        if (check.Presence is ImagePresence.Unknown)
            return planned with { Fault = new(check.Failure!.Message, check.Failure.Remedy) };
        if (!options.Rebuild && check.Presence is ImagePresence.Present or ImagePresence.NotAsked)
            return planned with { Digest = check.Digest };
        var reason = check.Presence is ImagePresence.Absent ? options.AbsentReason : "forced";
        return Obstacle(definition, check.Need.Image, options) is { } fault
            ? planned with { Fault = fault }
            : planned with { Build = Request(definition, check.Need.Image, options.Workspace!), BuildReason = reason };
    }

    private static ImageFault? Obstacle(ServiceDefinition definition, ImageReference image, ImagePlanOptions options)
    {
        var absent = options.Absent;
        if (!options.MayBuild)
            return new($"{absent}, and building is turned off", "push it, correct the tag, or remove --no-build");
        if (!definition.BuildImages.ContainsKey(image.Name))
            return new(
                $"{absent}, and the definition does not say how to build it",
                $"push it or correct the tag, or add {image.Name} = \"Dockerfile\" under [build.images]");
        if (image.Digest is not null)
            return new(
                $"{absent}, and what is built now would have another digest",
                "remove the digest from the reference, or push exactly the image that it names");
        return options.Workspace is null
            ? new(
                $"{absent}, and no workspace is set to build it from",
                "set workspace under [build] in the workstation's config, or MCP_BUILD_WORKSPACE")
            : null;
    }

    private static ImageBuildRequest Request(ServiceDefinition definition, ImageReference image, string workspace)
    {
        var context = Path.GetFullPath(Path.Combine(workspace, definition.SourcePath));
        return new()
        {
            Image = image with { Tag = image.Tag ?? "latest" },
            Context = context,
            Dockerfile = Path.GetFullPath(Path.Combine(context, definition.BuildImages[image.Name])),
            Arguments = definition.BuildArguments,
        };
    }
}
