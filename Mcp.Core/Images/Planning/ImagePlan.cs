using Mcp.Core.Collections;
using Mcp.Core.Images.Building;

namespace Mcp.Core.Images.Planning;

/// <summary>What is to be done about the images of a service before it can be deployed.</summary>
public sealed record ImagePlan(ValueList<PlannedImage> Images)
{
    public IEnumerable<PlannedImage> ToBuild => Images.Where(i => i.Build is not null);

    public IEnumerable<PlannedImage> Faulty => Images.Where(i => i.Fault is not null);

    /// <summary>Images whose tag says nothing about what will run.</summary>
    public IEnumerable<string> Warnings => Images
        .Where(i => i.Need.Image is { Digest: null, Tag: null or "latest" })
        .Select(i => $"{i.Need} has no version: what 'latest' is can change between two deploys; give it a tag, or 'version' to the service");

    /// <exception cref="ImagePlanException">An image can be had in no way; names all of them.</exception>
    public void ThrowIfFaulty()
    {
        if (Faulty.Any())
            throw new ImagePlanException(Faulty.ToValueList());
    }
}

/// <summary>One image of a plan: it is there, or <see cref="Build"/> says how to make it, or <see cref="Fault"/> why that can't be.</summary>
public sealed record PlannedImage(ImageNeed Need)
{
    /// <summary>Of what the image registry has; null when it is to be built, or no registry was asked.</summary>
    public string? Digest { get; init; }

    public ImageBuildRequest? Build { get; init; }

    public ImageFault? Fault { get; init; }

    /// <summary>Why it is built: "not in the image registry", "asked for".</summary>
    public string Reason { get; init; } = "";
}

/// <param name="Message">What is wrong, without the image's name.</param>
public sealed record ImageFault(string Message, string Remedy);

/// <summary>Images that a deploy needs and can't get. Nothing was built or deployed.</summary>
public sealed class ImagePlanException : Exception
{
    public ImagePlanException(ValueList<PlannedImage> images)
        : base(Describe(images)) => Images = images;

    /// <summary>Each has a <see cref="PlannedImage.Fault"/>.</summary>
    public ValueList<PlannedImage> Images { get; }

    public string Remedy => string.Join("; ", Groups(Images).Select(g => g.Key.Remedy).Distinct());

    private static string Describe(ValueList<PlannedImage> images) =>
        (images.Count == 1 ? "an image is missing:" : $"{images.Count} images are missing:")
        + string.Concat(Groups(images).Select(g => $"\n    {string.Join(", ", g.Select(i => i.Need))}: {g.Key.Message}\n        {g.Key.Remedy}"));

    // One registry that is down is one thing to mend, however many images are in it.
    private static IEnumerable<IGrouping<ImageFault, PlannedImage>> Groups(ValueList<PlannedImage> images) => images.GroupBy(i => i.Fault!);
}
