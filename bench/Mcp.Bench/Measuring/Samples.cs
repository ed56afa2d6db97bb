namespace Mcp.Bench.Measuring;

/// <summary>Measurements of one thing, in the order in which they were taken.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public IReadOnlyList<double> Values => _values;

    public double Median => Quantile(0.5);

    public double Max => _values.Max();

    public void Add(double value) => _values.Add(value);

    /// <summary>Between two values it is interpolated.</summary>
    /// <param name="share">0 is the least, 1 the largest.</param>
    public double Quantile(double share)
    {
        var sorted = _values.Order().ToList();
        var place = share * (sorted.Count - 1);
        var below = (int)place;
        return below + 1 < sorted.Count ? sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    /// <summary>Of measurements taken in turns, each divided by that of the same round: what slowed a round down slowed both.</summary>
    public Samples Over(Samples other)
    {
        var ratios = new Samples();
        if (_values.Count == other._values.Count)
            foreach (var (mine, theirs) in _values.Zip(other._values))
                ratios.Add(mine / theirs);
        else
            ratios.Add(Median / other.Median);
        return ratios;
    }

    public static Samples Of(params IEnumerable<double> values)
    {
        var samples = new Samples();
        samples._values.AddRange(values);
        return samples;
    }
}
