namespace Mcp.Agent.Ports;

/// <summary>The configured range less the ephemeral one, as one row of numbers to pick from.</summary>
internal sealed class PortCandidates
{
    private readonly PortRange _below;
    private readonly PortRange _above;

    public PortCandidates(PortRange range, PortRange ephemeral)
    {
        if (ephemeral.Count == 0 || ephemeral.First > range.Last || ephemeral.Last < range.First)
            (_below, _above) = (range, new(range.Last + 1, range.Last));
        else
            (_below, _above) = (new(range.First, ephemeral.First - 1), new(ephemeral.Last + 1, range.Last));
    }

    public int Count => _below.Count + _above.Count;

    public int this[int index] => index < _below.Count ? _below.First + index : _above.First + index - _below.Count;
}
