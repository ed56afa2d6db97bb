namespace Mcp.Agent.Node;

/// <summary>Processor time since boot, in whatever unit the system counts.</summary>
internal readonly record struct CpuTimes(long Busy, long Total)
{
    /// <returns>0 to 100; null when no time went by between the two.</returns>
    public double? PercentSince(CpuTimes earlier)
    {
        var total = Total - earlier.Total;
        return total <= 0 ? null : Math.Clamp(100.0 * (Busy - earlier.Busy) / total, 0, 100);
    }
}

/// <summary>Bytes.</summary>
internal readonly record struct MemoryFigures(long Total, long Available);
