using Mcp.Core.Collections;
using Mcp.Core.Images;

namespace Mcp.Core.Client.Images;

/// <summary>Asks the image registries about many images at once.</summary>
public sealed class ImageChecker(ImageRegistryClient client, int atOnce = 6)
{
    /// <summary>One check per need, in their order. A failure is part of the answer: one registry that is down does not hide what the
    /// others say.</summary>
    public async Task<ValueList<ImageCheck>> CheckAsync(IReadOnlyList<ImageNeed> needs, CancellationToken cancellationToken)
    {
        var checks = new ImageCheck[needs.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, needs.Count), options, async (i, cancelled) => checks[i] = await CheckAsync(needs[i], cancelled));
        return checks.ToValueList();
    }

    private async Task<ImageCheck> CheckAsync(ImageNeed need, CancellationToken cancellationToken)
    {
        if (need.IsLocal)
            return new(need, ImagePresence.NotAsked);
        try
        {
            return await client.FindDigestAsync(need.Image, cancellationToken) is { } digest
                ? new(need, ImagePresence.Present, digest)
                : new(need, ImagePresence.Absent);
        }
        catch (ImageRegistryException e)
        {
            return new(need, ImagePresence.Unknown, Failure: e);
        }
    }
}
