using System.Management.Automation;

namespace Mcp.PowerShell.Pipeline;

/// <summary>What a user wrote for an identity parameter: literals, wildcards, or nothing, which means all. Case does not matter.</summary>
internal sealed class NamePatterns
{
    private readonly HashSet<string> _found = new(StringComparer.OrdinalIgnoreCase);
    private readonly IReadOnlyList<(string Text, WildcardPattern? Wildcard)> _patterns;

    public NamePatterns(string[]? written)
    {
        _patterns = [.. (written ?? []).Select(text => (text, WildcardPattern.ContainsWildcardCharacters(text)
            ? new WildcardPattern(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant) : null))];
    }

    public bool IsAll => _patterns.Count == 0;

    /// <summary>The only name there can be, for asking a node no more than is needed; null when there may be several.</summary>
    public string? Single => _patterns is [(var text, null)] ? text : null;

    /// <summary>Literals that nothing matched so far. A wildcard that matches nothing is no mistake.</summary>
    public IEnumerable<string> Missing =>
        _patterns.Where(p => p.Wildcard is null && !_found.Contains(p.Text)).Select(p => p.Text).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it is asked for; remembers that it was there.</summary>
    public bool Match(string name)
    {
        if (IsAll)
            return true;
        var any = false;
        foreach (var (text, wildcard) in _patterns)
        {
            if (!(wildcard?.IsMatch(name) ?? string.Equals(text, name, StringComparison.OrdinalIgnoreCase)))
                continue;
            any = true;
            _found.Add(text);
        }
        return any;
    }
}
