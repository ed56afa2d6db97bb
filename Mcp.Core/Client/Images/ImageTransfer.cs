using System.IO.Pipelines;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Images.Building;
using Mcp.Core.Images.Transfer;

namespace Mcp.Core.Client.Images;

/// <summary>An image on its way from the workstation's engine to a node's: what one writes the other reads, and nothing is kept in
/// between.</summary>
internal static class ImageTransfer
{
    private const int Ahead = 4 * 1024 * 1024;

    /// <param name="what">Name, id ("sha256:...") and unpacked size.</param>
    public static async Task SendAsync(
        IImageBuilder builder, AgentClient agent, ImageReference image, (string Name, string Id, long Size) what, IProgress<long> progress,
        CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe =
            new Pipe(new PipeOptions(pauseWriterThreshold: Ahead, resumeWriterThreshold: Ahead / 2, useSynchronizationContext: false));
        var saving = SaveAsync(builder, image, pipe.Writer, ending.Token);
        try
        {
            await using var archive = pipe.Reader.AsStream();
            await agent.LoadImageAsync(
                new ImageLoad(new ValueMap([new(what.Name, what.Id)]), what.Size), archive, progress, cancellationToken)
                    .ConfigureAwait(false);
        }
        catch (Exception) when (saving.IsFaulted)
        {
            // The archive ended early because the engine here failed; its message has the reason.
            await saving.ConfigureAwait(false);
            throw;
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await saving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task SaveAsync(IImageBuilder builder, ImageReference image, PipeWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            await builder.SaveAsync(image, writer.AsStream(leaveOpen: true), cancellationToken).ConfigureAwait(false);
            await writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await writer.CompleteAsync(e).ConfigureAwait(false);
            throw;
        }
    }
}
