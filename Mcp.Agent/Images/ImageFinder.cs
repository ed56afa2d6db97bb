using System.Collections.Concurrent;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Images.Transfer;

namespace Mcp.Agent.Images;

/// <summary>What of images and layers the node's engine has.</summary>
internal sealed class ImageFinder(IContainerRuntime runtime, TimeProvider time)
{
    private const int AtOnce = 8;

    /// <summary>podman computes the size of every image for a list, which takes milliseconds for each.</summary>
    private static readonly TimeSpan ListedFor = TimeSpan.FromMinutes(10);

    /// <summary>By image id, which always means the same layers.</summary>
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _layers = new(StringComparer.Ordinal);

    private DateTimeOffset _listedAt = DateTimeOffset.MinValue;

    /// <returns>Those that are there, in the order of the question.</returns>
    public async Task<ValueList<NodeImage>> FindAsync(IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        var found = new List<NodeImage>();
        foreach (var image in images)
            if (await runtime.InspectImageAsync(image, cancellationToken) is { } info)
                found.Add(Describe(image, info));
        return found.ToValueList();
    }

    /// <summary>How many of an image's layers, from the bottom, are in an image of the engine. docker has a layer only on top of the same
    /// layers; podman could take it from elsewhere, too. The answer may be some minutes old: the engine decides when it loads the
    /// image.</summary>
    /// <param name="anew">Ask the engine even if the last answer is recent.</param>
    public async Task<int> CountLayersAsync(IReadOnlyList<string> layers, bool anew, CancellationToken cancellationToken)
    {
        if (anew || time.GetUtcNow() - _listedAt >= ListedFor)
            await ListAsync(cancellationToken);
        return _layers.Values.Select(its => Common(its, layers)).DefaultIfEmpty().Max();
    }

    /// <summary>The engine has got an image.</summary>
    public void Add(ImageInfo image) => _layers[image.Id] = image.Layers;

    /// <summary>No engine can be asked for a layer; each image is asked for its own, once.</summary>
    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var there = await runtime.ListImagesAsync(cancellationToken);
        foreach (var gone in _layers.Keys.Except(there))
            _layers.TryRemove(gone, out _);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(there.Where(id => !_layers.ContainsKey(id)), options, async (id, token) =>
        {
            if (await runtime.InspectImageAsync(id, token) is { } image)
                Add(image);
        });
        _listedAt = time.GetUtcNow();
    }

    public static NodeImage Describe(string asked, ImageInfo info) =>
        new(asked, info.Id, info.Tags.ToValueList(), info.RepoDigests.ToValueList(), info.Layers.ToValueList(), info.Size);

    private static int Common(IReadOnlyList<string> one, IReadOnlyList<string> other) =>
        one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
}
