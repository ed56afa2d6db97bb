using Mcp.Core.Operations;

namespace Mcp.Core.Client;

/// <summary>What a deploy would do; see <see cref="DeployPipeline.PlanAsync"/>.</summary>
/// <param name="Node">Where to.</param>
/// <param name="Images">Every image, with what would be built, pushed or sent first; <see cref="ImageAction.None"/> where it is
/// there.</param>
/// <param name="Plan">What the node would do then. It belongs to no operation: its id is empty.</param>
public sealed record DeployPreview(string Node, ImagesPlanned Images, OperationPlanned Plan)
{
    /// <summary>False: the service is up to date.</summary>
    public bool HasChanges => Plan.Steps.Count > 0 || Images.Images.Any(i => i.Action != ImageAction.None);

    /// <summary>Of both parts.</summary>
    public IEnumerable<string> Warnings => Images.Warnings.Concat(Plan.Warnings);
}
