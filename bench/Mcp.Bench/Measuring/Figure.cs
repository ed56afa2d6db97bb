namespace Mcp.Bench.Measuring;

/// <summary>One line of the results.</summary>
/// <param name="What">"mcp ps, 300 components".</param>
/// <param name="Unit">"ms", "MB", "calls/s".</param>
internal sealed record Figure(string What, string Unit, Goal Goal, Samples Now)
{
    /// <summary>The same with the programs of an earlier build.</summary>
    public Samples? Before { get; init; }

    public string PeerName { get; init; } = "";

    public Samples? Peer { get; init; }

    /// <summary>What a single number stands for: the median, unless the goal is about the slowest or about a high quantile.</summary>
    public Func<Samples, double> Middle { get; init; } = samples => samples.Median;

    /// <summary>Ours to the peer's, or the peer's to ours where more of it is better for us.</summary>
    public Samples? Ratio => Of(Now);

    public Samples? RatioBefore => Before is null ? null : Of(Before);

    public double Value => Goal.IsRatio ? Ratio!.Median : Middle(Now);

    public bool? Met => Goal.Text.Length == 0 ? null : Goal.Met(Value);

    private Samples? Of(Samples ours) => Peer is null ? null : Goal.IsInverse ? Peer.Over(ours) : ours.Over(Peer);
}
