using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Images.Building;

namespace Mcp.Core.Images.Planning;

/// <param name="Workspace">Full path of the folder that holds the services' sources; null when none is set.</param>
/// <param name="MayBuild">false: --no-build, -SkipBuild.</param>
/// <param name="Rebuild">Build also what is there.</param>
public sealed record ImagePlanOptions(string? Workspace, bool MayBuild = true, bool Rebuild = false)
{
    /// <summary>How faults say that an image is not where it was looked for.</summary>
    public string Absent { get; init; } = "the image registry does not have it";

    /// <summary>How a plan says it.</summary>
    public string AbsentReason { get; init; } = "not in the image registry";
}

/// <summary>Decides what is to be done about each image; asks nobody, touches nothing.</summary>
public static class ImagePlanner
{
    public static ImagePlan Plan(ServiceDefinition definition, IReadOnlyList<ImageCheck> checks, ImagePlanOptions options) =>
        new(checks.Select(c => Plan(definition, c, options)).ToValueList());

    private static PlannedImage Plan(ServiceDefinition definition, ImageCheck check, ImagePlanOptions options)
    {
        var planned = new PlannedImage(check.Need);
        if (check.Presence is ImagePresence.Unknown)
            return planned with { Fault = new(check.Failure!.Message, check.Failure.Remedy) };
        if (!options.Rebuild && check.Presence is ImagePresence.Present or ImagePresence.NotAsked)
            return planned with { Digest = check.Digest };
        var reason = check.Presence is ImagePresence.Absent ? options.AbsentReason : "asked for";
        return Obstacle(definition, check.Need.Image, options) is { } fault
            ? planned with { Fault = fault }
            : planned with { Build = Request(definition, check.Need.Image, options.Workspace!), Reason = reason };
    }

    private static ImageFault? Obstacle(ServiceDefinition definition, ImageReference image, ImagePlanOptions options)
    {
        var absent = options.Absent;
        if (!options.MayBuild)
            return new($"{absent}, and building is switched off", "push it, correct the tag, or leave --no-build out");
        if (!definition.BuildImages.ContainsKey(image.Name))
            return new($"{absent}, and the definition does not say how to build it", $"push it or correct the tag, or add {image.Name} = \"Dockerfile\" under [build.images]");
        if (image.Digest is not null)
            return new($"{absent}, and what is built now would have another digest", "leave the digest out of the reference, or push the very image that it names");
        return options.Workspace is null
            ? new($"{absent}, and no workspace is set to build it from", "set workspace under [build] in the workstation's config, or MCP_BUILD_WORKSPACE")
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
