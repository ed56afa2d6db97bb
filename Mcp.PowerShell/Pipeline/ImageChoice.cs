using Mcp.Core.Definitions;
using Mcp.Core.Client.Images;

namespace Mcp.PowerShell.Pipeline;

/// <summary>What -Image says: names, wildcards, or whole references as other cmdlets' objects have them. Registry and tag of those don't
/// count: which version it is, the definition says.</summary>
internal sealed class ImageChoice(string[]? written)
{
    private readonly NamePatterns _patterns = new(written is null ? null : [.. written.Select(NameOf)]);

    public bool IsAll => _patterns.IsAll;

    /// <summary>Literals that no definition had so far.</summary>
    public IEnumerable<string> Missing => _patterns.Missing;

    public bool Match(ImageNeed need) => _patterns.Match(need.Image.Name);

    /// <summary>"reg/team/app:v1" is app.</summary>
    private static string NameOf(string written) => ImageReference.TryParse(written)?.Name ?? written[(written.LastIndexOf('/') + 1)..];
}
