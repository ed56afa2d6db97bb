using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Images.Building;
using Mcp.Core.Operations;

namespace Mcp.Core.Client.Images;

/// <summary>What is done about the images of a service, in the order of its components.</summary>
/// <param name="Node">null: a build alone, for no node.</param>
public sealed record ImagePlan(ServiceDefinition Definition, NodeConfig? Node, ValueList<PlannedImage> Images)
{
    /// <summary>Why some images are not available: one error that names all of them; null when all are.</summary>
    public McpException? Fault => FaultOf([this]);

    /// <summary>Keys of the definition that have no effect.</summary>
    public ValueList<Problem> DefinitionWarnings { get; init; } = [];

    /// <summary>Those of the definition, and images whose tag does not say what will run.</summary>
    public IEnumerable<string> Warnings => DefinitionWarnings.Select(w => w.ToString()).Concat(Images
        .Where(i => i.Need.Image is { Digest: null, Tag: null or "latest" })
        .Select(
            i => $"{i.Need} has no version: what 'latest' is can change between two deploys; give it a tag, or 'version' to the service"));

    /// <summary>The same for the images of several services.</summary>
    public static McpException? FaultOf(IEnumerable<ImagePlan> plans)
    {
        var faulty = plans.SelectMany(p => p.Images).Where(i => i.Fault is not null).ToList();
        return faulty.Count == 0 ? null : ImageErrors.Missing(faulty);
    }

    internal ValueList<ImageSummary> Summaries => Images
        .Select(i => new ImageSummary(i.Need.Image.ToString(), i.Need.Components, i.Action, i.Digest ?? "", i.Reason)).ToValueList();
}

/// <summary>One image of a plan: it is there, or <see cref="Build"/> says how to make it, or <see cref="Fault"/> why that is
/// impossible.</summary>
/// <param name="Check">What was found where the image belongs.</param>
/// <param name="Delivery">What comes after a build, or instead of one.</param>
public sealed record PlannedImage(ImageCheck Check, Delivery Delivery)
{
    public ImageNeed Need => Check.Need;

    /// <summary>The reference that is built, pushed or sent.</summary>
    public ImageReference Image => Build?.Image ?? Need.Image;

    /// <summary>Of what the image registry has; null when it is to be built, or no registry was asked.</summary>
    public string? Digest { get; init; }

    /// <summary>What the workstation's engine has under this name; null when it has none or was not asked.</summary>
    public LocalImage? Here { get; init; }

    public ImageBuildRequest? Build { get; init; }

    public ImageFault? Fault { get; init; }

    /// <summary>Why it is built: "not in the image registry", "forced".</summary>
    public string BuildReason { get; init; } = "";

    /// <summary>Why it is sent though it need not be built; empty: it is not.</summary>
    public string SendReason { get; init; } = "";

    public string Reason => Build is not null ? BuildReason : SendReason;

    public ImageAction Action => (Build is not null, Delivery) switch
    {
        (true, Delivery.Push) => ImageAction.BuildAndPush,
        (true, Delivery.Send) => ImageAction.BuildAndSend,
        (true, _) => ImageAction.Build,
        (false, Delivery.Send) when SendReason.Length > 0 => ImageAction.Send,
        _ => ImageAction.None,
    };
}

/// <param name="Message">What is wrong, without the image's name.</param>
public sealed record ImageFault(string Message, string Remedy);

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
