using Mcp.Core.Definitions;

namespace Mcp.Core.Planning;

/// <summary>The image that a component was last deployed with.</summary>
/// <param name="Reference">As the definition had it.</param>
/// <param name="Id">"sha256:..."; the engine's own name for it.</param>
/// <param name="Digest">By which its image registry knows it; the id when it came from none.</param>
public sealed record DeployedImage(string Reference, string Id, string Digest)
{
    public bool IsFromRegistry => Digest != Id;

    /// <param name="repoDigests">"registry/img@sha256:..." each, as the engine knows them.</param>
    /// <param name="expected">What the caller of the deploy checked; null when nothing was.</param>
    public static DeployedImage Of(string reference, string id, IEnumerable<string> repoDigests, string? expected)
    {
        var digests = repoDigests.Select(d => d.Split('@', 2)).Where(d => d.Length == 2).ToList();
        if (expected is not null && digests.Exists(d => d[1] == expected))
            return new(reference, id, expected);
        // Local images have digests too, which no registry ever saw.
        var name = ImageReference.TryParse(reference);
        var repository = name is { Registry: not (null or "localhost") } ? $"{name.Registry}/{name.Repository}" : null;
        return new(reference, id, digests.Find(d => d[0] == repository)?[1] ?? id);
    }
}
