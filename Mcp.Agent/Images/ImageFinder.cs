using System.Collections.Concurrent;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Images.Transfer;

namespace Mcp.Agent.Images;

/// <summary>What of images and layers the node's engine has.</summary>
internal sealed class ImageFinder(IContainerRuntime runtime)
{
    private const int AtOnce = 8;

    public async Task<NodeImages> FindAsync(IReadOnlyList<string> images, IReadOnlyList<string> layers, CancellationToken cancellationToken)
    {
        var found = new List<NodeImage>();
        foreach (var image in images)
            if (await runtime.InspectImageAsync(image, cancellationToken) is { } info)
                found.Add(Describe(image, info));
        return new(found.ToValueList(), await LayersAsync(layers, cancellationToken));
    }

    public static NodeImage Describe(string asked, ImageInfo info) =>
        new(asked, info.Id, info.Tags.ToValueList(), info.RepoDigests.ToValueList(), info.Layers.ToValueList(), info.Size);

    /// <summary>No engine can be asked for a layer; each image is asked for its own.</summary>
    private async Task<ValueList<string>> LayersAsync(IReadOnlyList<string> layers, CancellationToken cancellationToken)
    {
        if (layers.Count == 0)
            return [];
        var there = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(await runtime.ListImagesAsync(cancellationToken), options, async (id, token) =>
        {
            foreach (var layer in (await runtime.InspectImageAsync(id, token))?.Layers ?? [])
                there[layer] = true;
        });
        return layers.Where(there.ContainsKey).ToValueList();
    }
}
