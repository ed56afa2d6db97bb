namespace Mcp.Core.Definitions.Rules;

/// <summary>Who waits for itself, and on which way.</summary>
/// <param name="ways">Component to those that it depends on. Names that are no key are ignored.</param>
internal sealed class DependencyCircles(IReadOnlyDictionary<string, IReadOnlyList<string>> ways)
{
    private readonly HashSet<string> _left = Left(ways);

    /// <summary>The names along the shortest circle, the first one also at the end; null: there is none.</summary>
    public IReadOnlyList<string>? Through(string component)
    {
        if (!_left.Contains(component))
            return null;
        var from = new Dictionary<string, string>(StringComparer.Ordinal);
        var next = new Queue<string>([component]);
        while (next.TryDequeue(out var name))
        {
            foreach (var wanted in ways[name].Where(_left.Contains))
            {
                if (wanted == component)
                    return Way(from, component, name);
                if (from.TryAdd(wanted, name))
                    next.Enqueue(wanted);
            }
        }
        return null;
    }

    private static List<string> Way(Dictionary<string, string> from, string component, string last)
    {
        var way = new List<string> { component, last };
        while (way[^1] != component)
            way.Add(from[way[^1]]);
        way.Reverse();
        return way;
    }

    /// <summary>Without those whose dependencies end somewhere, again and again: most definitions leave nothing to search.</summary>
    private static HashSet<string> Left(IReadOnlyDictionary<string, IReadOnlyList<string>> ways)
    {
        var waiting = ways.ToDictionary(w => w.Key, w => w.Value.Where(ways.ContainsKey).Distinct().Count(), StringComparer.Ordinal);
        var dependents = ways.SelectMany(w => w.Value.Distinct().Select(wanted => (wanted, w.Key)))
            .ToLookup(d => d.wanted, d => d.Key, StringComparer.Ordinal);
        var done = new Queue<string>(waiting.Where(w => w.Value == 0).Select(w => w.Key));
        while (done.TryDequeue(out var name))
        {
            waiting.Remove(name);
            foreach (var dependent in dependents[name])
                if (--waiting[dependent] == 0)
                    done.Enqueue(dependent);
        }
        return [.. waiting.Keys];
    }
}
