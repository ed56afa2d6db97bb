using Mcp.Core.Collections;
using Mcp.Core.Images.Building;

namespace Mcp.Core.Client.Images;

/// <summary>An image on its way from the workstation's engine to a node's: only the layers that the node lacks are taken out and
/// sent.</summary>
internal sealed class ImageTransfer(IImageBuilder builder, AgentClient agent, Action<TransferProgress> report)
{
    /// <summary>Layers may go from the node between question and answer, and its engine may turn out to need all of them.</summary>
    private const int MaxRounds = 4;

    /// <param name="name">The reference that the image gets on the node.</param>
    /// <returns>The progress at the end.</returns>
    public async Task<TransferProgress> SendAsync(string name, LocalImage image, CancellationToken cancellationToken)
    {
        var layers = image.Layers.Distinct().ToValueList();
        var missing = await agent.FindMissingLayersAsync(image.Layers, cancellationToken).ConfigureAwait(false);
        var progress = new TransferProgress(layers.Count, missing.Count, 0);
        for (var round = 0; round < MaxRounds; round++)
        {
            report(progress = progress with { Missing = Math.Max(progress.Missing, missing.Count) });
            using var export = await builder.ExportAsync(image, missing, cancellationToken).ConfigureAwait(false);
            foreach (var layer in missing)
            {
                await using var content = export.Open(layer);
                await agent.SendLayerAsync(
                    layer, content, count => report(progress = progress with { Sent = progress.Sent + count }), cancellationToken)
                        .ConfigureAwait(false);
            }
            var added = await agent.AddImageAsync(name, export.Config, cancellationToken).ConfigureAwait(false);
            if (added.Image is not null)
                return progress;
            missing = added.Missing.Intersect(layers).ToValueList();
        }
        throw new McpException(
            ErrorKind.OperationFailed, "layers-missing",
            $"{agent.Node.Name} asks for layers of {name} again and again, though they were sent",
            "check that nothing on the node removes images ('podman image prune'), then send it again", agent.Node.Name);
    }
}
