using Mcp.Core.Collections;
using Mcp.Core.Definitions;

namespace Mcp.Core.Client.Images;

/// <summary>One image that a service runs, and the components that run it.</summary>
public sealed record ImageNeed(ImageReference Image, ValueList<string> Components)
{
    /// <summary>What a definition needs; each reference once, in the order of the components.</summary>
    /// <param name="component">Only what this one needs; null: all.</param>
    public static ValueList<ImageNeed> Of(ServiceDefinition definition, string? component = null) =>
        definition.Components
            .Where(c => component is null || c.Name == component)
            .Select(
                c =>
                    (c.Name,
                        Image: ImageReference.TryParse(c.Image)
                            ?? throw new ArgumentException(
                                $"component {c.Name} has no valid image; validate the definition first", nameof(definition))))
            .GroupBy(c => c.Image, c => c.Name)
            .Select(g => new ImageNeed(g.Key, g.ToValueList()))
            .ToValueList();

    /// <summary>A name that only an engine's own storage has: no image registry is asked about it.</summary>
    public bool IsLocal => Image.Registry == "localhost";

    /// <summary>"registry/app:v1 (web, worker)".</summary>
    public override string ToString() => $"{Image} ({string.Join(", ", Components)})";
}
