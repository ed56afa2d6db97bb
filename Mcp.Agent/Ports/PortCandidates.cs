namespace Mcp.Agent.Ports;

/// <summary>The configured range less what is left alone, as one row of numbers to pick from.</summary>
internal sealed class PortCandidates
{
    private readonly List<PortRange> _pieces = [];

    public PortCandidates(PortRange range, IEnumerable<PortRange> excluded)
    {
        var next = range.First;
        foreach (var gap in excluded.Where(e => e.Count > 0).OrderBy(e => e.First))
        {
            Add(next, Math.Min(gap.First - 1, range.Last));
            next = Math.Max(next, gap.Last + 1);
        }
        Add(next, range.Last);
        Count = _pieces.Sum(p => p.Count);
    }

    public int Count { get; }

    public int this[int index]
    {
        get
        {
            foreach (var piece in _pieces)
            {
                if (index < piece.Count)
                    return piece.First + index;
                index -= piece.Count;
            }
            throw new ArgumentOutOfRangeException(nameof(index));
        }
    }

    private void Add(int first, int last)
    {
        if (last >= first)
            _pieces.Add(new(first, last));
    }
}
