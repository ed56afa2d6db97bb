using System.Text.Json.Nodes;
using Mcp.Cli.Output;
using Mcp.Core.Client;

namespace Mcp.Cli.Plans;

/// <summary>A plan as one document.</summary>
internal static class PlanJson
{
    public static JsonObject Of(DeployPreview preview, string file)
    {
        var plan = JsonOutput.Of(preview.Node, preview.Plan);
        // It belongs to no operation, and images and steps warn in one place.
        plan.Remove("operationId");
        plan.Remove("kind");
        plan["warnings"] = new JsonArray([.. preview.Warnings.Select(w => JsonValue.Create(w))]);
        plan.Insert(1, "file", file);
        plan.Insert(2, "hasChanges", preview.HasChanges);
        plan.Insert(3, "images", JsonOutput.Of(null, preview.Images)["images"]!.DeepClone());
        return plan;
    }
}
