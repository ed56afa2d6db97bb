namespace Mcp.Core.Definitions;

/// <summary>An image reference taken apart: [registry[:port]/]path[:tag][@digest].</summary>
/// <param name="Registry">host[:port]; null when the reference names none.</param>
/// <param name="Repository">path without registry, e.g. "team/img".</param>
/// <param name="Tag">null when absent.</param>
/// <param name="Digest">"sha256:..."; null when absent.</param>
public sealed record ImageReference(string? Registry, string Repository, string? Tag, string? Digest)
{
    /// <summary>The repository name after its last '/': the key of [build.images].</summary>
    public string Name => Repository[(Repository.LastIndexOf('/') + 1)..];

    /// <summary>The tag, or empty: "registry:5000/img:v1" is v1, "img" is empty, "img:v1@sha256:..." is v1, "img@sha256:..." is empty.</summary>
    public string Version => Tag ?? "";

    /// <summary>null when the text is no image reference.</summary>
    public static ImageReference? TryParse(string text) => throw new NotImplementedException();

    public override string ToString() =>
        (Registry is null ? "" : Registry + "/") + Repository + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);
}
