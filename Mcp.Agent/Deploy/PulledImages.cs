using System.Collections.Concurrent;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>The images that one run has pulled. Pulls run in parallel.</summary>
internal sealed class PulledImages
{
    private readonly ConcurrentDictionary<string, DeployedImage> _images = new(StringComparer.Ordinal);

    public IReadOnlyCollection<DeployedImage> All => [.. _images.Values];

    public void Add(string reference, PulledImage image) => _images[reference] = image.Image;

    /// <summary>null when it was not pulled.</summary>
    public string? IdOf(string reference) => _images.GetValueOrDefault(reference)?.Id;

    public bool Is(ImageCondition condition) => IdOf(condition.Reference) == condition.ImageId;
}
