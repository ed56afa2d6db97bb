using Mcp.Core.Containers;

namespace Mcp.Testing.Containers;

/// <summary>Images: names, and what stands behind them whether or not it still has one.</summary>
public sealed partial class FakeContainerRuntime
{
    /// <summary>By id, with the name it came under: an image that lost its tag is still there.</summary>
    private readonly Dictionary<string, (string Reference, FakeImage Image)> _stored = [];

    public Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<string>>(
            EngineVerb.ListImages, "", () => [.. _images.Select(i => Describe(i.Key, i.Value).Id).Concat(_stored.Keys).Distinct()],
            cancellationToken);

    public Task TagImageAsync(string image, string reference, CancellationToken cancellationToken) =>
        CallAsync(EngineVerb.TagImage, reference, () =>
        {
            var found = FindImage(image)
                ?? throw new EngineException(EngineError.ImageNotFound, $"cannot name image {image}: no such image", "Pull it first.");
            SetImage(Normalise(reference), found.Image with { Content = found.Image.Content ?? found.Reference });
            return true;
        }, cancellationToken);

    public Task<bool> RemoveImageAsync(string reference, CancellationToken cancellationToken) =>
        CallAsync(EngineVerb.RemoveImage, reference, () =>
        {
            var name = Normalise(reference);
            if (!_images.TryGetValue(name, out var image))
                return false;
            var id = Describe(name, image).Id;
            var isLastName = _images.All(i => i.Key == name || Describe(i.Key, i.Value).Id != id);
            if (isLastName && _containers.Exists(c => c.ToInfo().ImageId == id))
                return false;
            _images.Remove(name);
            if (isLastName)
                _stored.Remove(id);
            return true;
        }, cancellationToken);

    public async Task<IReadOnlyList<string>> LoadImageAsync(Stream archive, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        await archive.CopyToAsync(whole, cancellationToken);
        return await CallAsync<IReadOnlyList<string>>(EngineVerb.LoadImage, "", () =>
        {
            whole.Position = 0;
            var (reference, image) = TestImage.Read(whole, HasLayers)
                ?? throw new EngineException(EngineError.BadArchive, "cannot load an image archive: unexpected EOF", "Send it again.");
            SetImage(Normalise(reference), FakeImage.Runs with { Content = image.Id, Stored = image });
            return [reference];
        }, cancellationToken);
    }

    /// <summary>As docker has it: a layer is there on top of the same layers only.</summary>
    private bool HasLayers(IReadOnlyList<string> chain) => _images.Select(i => (i.Key, i.Value)).Concat(_stored.Values)
        .Any(i => Describe(i.Item1, i.Item2).Layers.Take(chain.Count).SequenceEqual(chain));

    private void SetImage(string reference, FakeImage image)
    {
        _images[reference] = image;
        _stored[Describe(reference, image).Id] = (reference, image);
    }

    private FakeImage? FindInRegistry(string reference)
    {
        if (_registry.TryGetValue(reference, out var found))
            return found;
        foreach (var (key, candidate) in _registry)
            if (Describe(key, candidate).RepoDigests.Contains(reference))
                return candidate with { Content = candidate.Content ?? key };
        return null;
    }

    private (string Reference, FakeImage Image)? FindImage(string image)
    {
        var reference = Normalise(image);
        if (_images.TryGetValue(reference, out var found))
            return (reference, found);
        foreach (var (key, candidate) in _images.Select(i => (i.Key, i.Value)).Concat(_stored.Values))
            if (Describe(key, candidate) is var info && (info.Id == image || info.RepoDigests.Contains(image)))
                return (key, candidate);
        return null;
    }

    /// <summary>With all of its names.</summary>
    private ImageInfo DescribeWhole(string reference, FakeImage image)
    {
        var described = Describe(reference, image);
        return described with { Tags = [.. _images.Where(i => Describe(i.Key, i.Value).Id == described.Id).Select(i => i.Key)] };
    }

    private static ImageInfo Describe(string reference, FakeImage image)
    {
        var content = image.Content ?? reference;
        var repository = reference.Split('@')[0];
        if (repository.LastIndexOf(':') is var colon && colon > repository.LastIndexOf('/'))
            repository = repository[..colon];
        var stored = image.Stored ?? TestImage.Of("base", "layer " + content);
        return new ImageInfo(
            stored.Id, [reference], [$"{repository}@sha256:{Hash("manifest " + content)}"], image.Size,
            DateTimeOffset.UnixEpoch, image.Labels)
        {
            Layers = stored.DiffIds,
        };
    }
}
