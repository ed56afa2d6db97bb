using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Images.Planning;
using Mcp.Core.Operations;

namespace Mcp.Core.Client.Supply;

/// <summary>What is to be done so that a service's images are where its node gets them. See <see cref="ImageSupply"/>.</summary>
/// <param name="Node">null: a build alone, for no node.</param>
public sealed record SupplyPlan(ServiceDefinition Definition, NodeConfig? Node, ValueList<PlannedSupply> Images)
{
    /// <summary>Why some images can't be had: one error that names all of them; null when all can.</summary>
    public McpException? Fault => Faulty([this]);

    /// <summary>What has no effect in the definition, and what the check of the images found.</summary>
    public IEnumerable<string> Warnings =>
        DefinitionWarnings.Select(w => w.ToString()).Concat(new ImagePlan(Images.Select(i => i.Image).ToValueList()).Warnings);

    public ValueList<Problem> DefinitionWarnings { get; init; } = [];

    /// <summary>The same for the images of several services.</summary>
    public static McpException? Faulty(IEnumerable<SupplyPlan> plans)
    {
        var faulty = plans.SelectMany(p => p.Images).Where(i => i.Image.Fault is not null).ToList();
        return faulty.Count == 0 ? null : ImageErrors.Missing([.. faulty.Select(i => i.Image)], faulty.Select(i => i.Check));
    }

    internal ValueList<ImageSummary> Summaries => Images.Select(i => new ImageSummary(i.Image.Need.Image.ToString(), i.Image.Need.Components, i.Action, i.Image.Digest ?? "", i.Reason)).ToValueList();
}

/// <summary>One image of a <see cref="SupplyPlan"/>.</summary>
/// <param name="Check">What was found where it belongs.</param>
/// <param name="Delivery">What comes after a build, or instead of one.</param>
/// <param name="SendReason">Why it is sent though it need not be built; empty: it is not.</param>
public sealed record PlannedSupply(PlannedImage Image, ImageCheck Check, Delivery Delivery, string SendReason = "")
{
    public ImageAction Action => (Image.Build is not null, Delivery) switch
    {
        (true, Delivery.Push) => ImageAction.BuildAndPush,
        (true, Delivery.Send) => ImageAction.BuildAndSend,
        (true, _) => ImageAction.Build,
        (false, Delivery.Send) when SendReason.Length > 0 => ImageAction.Send,
        _ => ImageAction.None,
    };

    public string Reason => Image.Build is not null ? Image.Reason : SendReason;
}

/// <summary>How an image gets from the workstation to where a node finds it.</summary>
public enum Delivery
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Through the image registry.</summary>
    Push,

    /// <summary>Straight to the node's engine.</summary>
    Send,
}
