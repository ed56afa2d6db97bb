namespace Mcp.Bench.Measuring;

/// <summary>Measures several things in turns, so that whatever else the machine does meets all of them alike.</summary>
internal sealed class Rounds
{
    private readonly List<(Samples Samples, Func<CancellationToken, Task<double>> Measure)> _things = [];

    /// <param name="measure">null: there is nothing to measure, such as an earlier build that was not given.</param>
    public Samples? Add(Func<CancellationToken, Task<double>>? measure)
    {
        if (measure is null)
            return null;
        var samples = new Samples();
        _things.Add((samples, measure));
        return samples;
    }

    /// <param name="warmUps">Rounds whose measurements are thrown away.</param>
    public async Task RunAsync(int rounds, CancellationToken cancellationToken, int warmUps = 1)
    {
        for (var round = -warmUps; round < rounds; round++)
            // Every other round the other way round: none is always the one after the most expensive.
            foreach (var (samples, measure) in round % 2 == 0 ? _things : Enumerable.Reverse(_things))
            {
                var value = await measure(cancellationToken);
                if (round >= 0)
                    samples.Add(value);
            }
    }
}
