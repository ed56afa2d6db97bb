namespace Mcp.Core;

/// <summary>"Did you mean ...?": the one place that compares what was typed with what there is.</summary>
public static class NearestName
{
    // Comparing takes time with the product of two lengths, and no name of ours is longer.
    private const int MaxLength = 64;

    /// <summary>The known name that was probably meant, or null when none is near. Case does not count; a third of the letters may differ;
    /// where that finds none, a single known name that begins like it (or that it begins with) will do.</summary>
    public static string? Of(string typed, IEnumerable<string> known)
    {
        if (typed.Length > MaxLength)
            return null;
        var names = known.Where(k => k.Length is > 0 and <= MaxLength).Distinct(StringComparer.Ordinal).ToArray();
        var nearest = names
            .Select(name => (Name: name, Distance: Distance(Fold(typed), Fold(name))))
            .Where(n => n.Distance <= Math.Max(1, Math.Max(typed.Length, n.Name.Length) / 3) && n.Distance < n.Name.Length)
            .OrderBy(n => n.Distance)
            .ThenBy(n => Math.Abs(n.Name.Length - typed.Length))
            .ThenBy(n => n.Name, StringComparer.Ordinal)
            .Select(n => n.Name)
            .FirstOrDefault();
        return nearest ?? ByBeginning(typed, names);
    }

    /// <summary>"did you mean 'x'?", or what there is: "known keys: a, b".</summary>
    public static string Remedy(string typed, IReadOnlyCollection<string> known, string what) =>
        Of(typed, known) is { } name ? $"did you mean '{name}'?"
        : known.Count == 0 ? $"there are no {what}"
        : $"{what}: {string.Join(", ", known)}";

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other.</summary>
    public static int Distance(string a, string b)
    {
        var (before, previous, current) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }
            (before, previous, current) = (previous, current, before);
        }
        return previous[b.Length];
    }

    private static string? ByBeginning(string typed, string[] names)
    {
        if (typed.Length < 3)
            return null;
        var alike = names.Where(
            n =>
                n.Length >= 3
                    && (n.StartsWith(typed, StringComparison.OrdinalIgnoreCase) || typed.StartsWith(n, StringComparison.OrdinalIgnoreCase)))
                    .ToArray();
        return alike.Length == 1 ? alike[0] : null;
    }

    // Very long input is not a typing mistake; the rest of it would only cost time.
    private static string Fold(string name) => (name.Length > 100 ? name[..100] : name).ToLowerInvariant();
}
