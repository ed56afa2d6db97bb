using Mcp.Core.Definitions;

namespace Mcp.Core.Planning;

/// <summary>Which images a deploy pulls, and what is to be said about tags that moved.</summary>
internal sealed class ImageSteps(ObservedService observed, ImagePins pins)
{
    private readonly HashSet<string> _pulled = [];

    /// <exception cref="MissingImageException">The policy is never, and the node lacks one.</exception>
    public void Plan(PlanBuilder plan, IReadOnlyList<ComponentDefinition> wanted)
    {
        var distinct = wanted.DistinctBy(c => c.Image).ToList();
        if (pins.Pull == PullPolicy.Never
            && distinct.Select(c => c.Image).Where(i => !Has(i) && !pins.ToBeSent.Contains(i)).ToList() is { Count: > 0 } missing)
            throw new MissingImageException(missing);
        foreach (var component in distinct)
        {
            Warn(plan, component.Image);
            if (ReasonToPull(component.Image) is { } reason && _pulled.Add(component.Image))
            {
                // Images don't wait for each other, and all containers wait for all images: a pull that fails has cost nothing.
                plan.After([]);
                plan.Pull(component.Name, component.Image, Expected(component.Image), reason);
            }
        }
    }

    /// <summary>Another image may stand under this name by the time that containers are made.</summary>
    public bool IsPulled(string image) => _pulled.Contains(image) || pins.ToBeSent.Contains(image);

    /// <summary>The image to create containers from; null when a pull has yet to say.</summary>
    public string? IdOf(string image) => IsPulled(image) ? null : observed.Images.GetValueOrDefault(image);

    private string? ReasonToPull(string image) => pins.Pull switch
    {
        PullPolicy.Never => null,
        _ when pins.ToBeSent.Contains(image) => null,
        _ when pins.ToBePushed.Contains(image) => "it is built and pushed first",
        _ when !Has(image) => "the node does not have it",
        PullPolicy.Always when !IsLocal(image) => "the pull policy is always",
        _ when Expected(image) is { } expected && !observed.IsImage(image, expected) && !IsLocal(image) =>
            "the node has another image under this name than was checked",
        _ => null,
    };

    private void Warn(PlanBuilder plan, string image)
    {
        var before = observed.DeployedImages.FirstOrDefault(i => i.Reference == image);
        var expected = Expected(image);
        var now = expected ?? observed.Images.GetValueOrDefault(image);
        if (before is not null && now is not null && now != before.Id && now != before.Digest
            && (expected is null || before.IsFromRegistry || observed.Images.GetValueOrDefault(image) == expected))
            plan.Warn($"{image} moved: {(expected is null ? before.Id : before.Digest)} -> {now} since the last deploy");
        else if (pins.Pull == PullPolicy.Never && expected is not null && !observed.IsImage(image, expected))
            plan.Warn($"{image} is {observed.Images[image]} on the node and not {expected}, which was checked; "
                + "the node's image is deployed, as the pull policy is never");
    }

    private string? Expected(string image) => pins.Digests.GetValueOrDefault(image) is { Length: > 0 } digest ? digest : null;

    private bool Has(string image) => observed.Images.ContainsKey(image);

    // "localhost/..." names no registry: there is nothing to pull it from.
    private static bool IsLocal(string image) => ImageReference.TryParse(image)?.Registry == "localhost";
}

/// <summary>Images that the node lacks and may not pull.</summary>
public sealed class MissingImageException(IReadOnlyList<string> images)
    : Exception($"the node does not have {string.Join(", ", images)}, and the pull policy is never")
{
    public IReadOnlyList<string> Images { get; } = images;
}
