using System.Text.RegularExpressions;

namespace Mcp.Core.Definitions;

/// <summary>An image reference taken apart: [registry[:port]/]path[:tag][@digest] (the grammar of the OCI distribution
/// reference).</summary>
/// <param name="Registry">host[:port]; null when the reference names none. The first part is a registry only when it holds a '.' or a ':'
/// or is "localhost".</param>
/// <param name="Repository">path without registry, e.g. "team/img".</param>
/// <param name="Tag">null when absent.</param>
/// <param name="Digest">"sha256:..."; null when absent.</param>
public sealed partial record ImageReference(string? Registry, string Repository, string? Tag, string? Digest)
{
    /// <summary>The repository name after its last '/': the key of [build.images].</summary>
    public string Name => Repository[(Repository.LastIndexOf('/') + 1)..];

    /// <summary>The tag, or empty: "registry:5000/img:v1" is v1, "img" is empty, "img:v1@sha256:..." is v1, "img@sha256:..." is
    /// empty.</summary>
    public string Version => Tag ?? "";

    /// <summary>null when the text is no image reference.</summary>
    public static ImageReference? TryParse(string text) => TryParse(text, out _);

    /// <summary>null when the text is no image reference; <paramref name="fault"/> then says why.</summary>
    public static ImageReference? TryParse(string text, out string fault)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var digest = at < 0 ? null : text[(at + 1)..];
        var name = at < 0 ? text : text[..at];

        // A ':' before the last '/' belongs to a registry's port, not to a tag.
        var colon = name.IndexOf(':', name.LastIndexOf('/') + 1);
        var tag = colon < 0 ? null : name[(colon + 1)..];
        if (colon >= 0)
            name = name[..colon];

        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var registry = slash > 0 && IsRegistry(name[..slash]) ? name[..slash] : null;
        var repository = registry is null ? name : name[(slash + 1)..];

        fault = Fault(text, registry, repository, tag, digest);
        return fault.Length == 0 ? new(registry, repository, tag, digest) : null;
    }

    /// <summary>Whether engines may be asked for it: a reference, or an id ("sha256:..." with all 64 digits).</summary>
    public static bool IsIdOrReference(string text) => IsDigest(text) || TryParse(text) is not null;

    /// <summary>"sha256:..." of an image, a layer or a manifest.</summary>
    public static bool IsDigest(string text) => DigestPattern().IsMatch(text);

    public override string ToString() =>
        (Registry is null ? "" : Registry + "/") + Repository + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    private static bool IsRegistry(string first) => first == "localhost" || first.AsSpan().ContainsAny('.', ':');

    private static string Fault(string text, string? registry, string repository, string? tag, string? digest)
    {
        if (text.Length == 0)
            return "it is empty";
        if (text.Any(char.IsWhiteSpace))
            return "it contains blanks";
        if (text.Contains("://", StringComparison.Ordinal))
            return "it is a URL; leave the part up to :// out";
        if (registry is not null && !RegistryPattern().IsMatch(registry))
            return $"'{registry}' is not host[:port]";
        if (repository.Any(char.IsAsciiLetterUpper))
            return "repository names are lower-case";
        if (!RepositoryPattern().IsMatch(repository))
            return repository.Length == 0
                ? "the repository name is missing"
                : $"'{repository}' is not a repository name (lower-case letters, digits, and between them single '.', '_', '-' or '/')";
        if (text.Length - (tag?.Length + 1 ?? 0) - (digest?.Length + 1 ?? 0) > 255)
            return "it is longer than 255 characters";
        if (tag is not null && !TagPattern().IsMatch(tag))
            return tag.Length == 0 ? "the tag after ':' is missing" : $"'{tag}' is not a tag (letters, digits, '_', '.', '-', at most 128)";
        return digest is not null && !DigestPattern().IsMatch(digest)
            ? "what follows '@' is not a digest (sha256: and 64 hexadecimal digits)" : "";
    }

    [GeneratedRegex(
        @"\A(([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])([.]([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]))*|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?\z")]
    private static partial Regex RegistryPattern();

    [GeneratedRegex(@"\A[a-z0-9]+(([.]|__?|-+)[a-z0-9]+)*(/[a-z0-9]+(([.]|__?|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex TagPattern();

    [GeneratedRegex(@"\A(sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}|(?!sha256:|sha512:)[a-z0-9]+([+._-][a-z0-9]+)*:[A-Za-z0-9=_-]{32,})\z")]
    private static partial Regex DigestPattern();
}
