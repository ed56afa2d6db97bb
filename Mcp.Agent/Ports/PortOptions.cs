using Mcp.Core.Collections;

namespace Mcp.Agent.Ports;

/// <summary>Where host ports for routes come from.</summary>
internal sealed record PortOptions
{
    public PortRange Range { get; init; } = new(10000, 60000);

    /// <summary>The ports that the host gives to outgoing connections, which the agent leaves alone; null: asked from the host.</summary>
    public PortRange? Ephemeral { get; init; }

    /// <summary>Further ranges that are left alone.</summary>
    public ValueList<PortRange> Exclude { get; init; } = [];
}

/// <summary>Both ends belong to it.</summary>
internal sealed record PortRange(int First, int Last)
{
    public int Count => Math.Max(0, Last - First + 1);

    public override string ToString() => $"{First}-{Last}";
}
