namespace Mcp.PowerShell;

/// <summary>An image that is on a node now.</summary>
public sealed record McpSentImage
{
    public required string Service { get; init; }

    public required string Image { get; init; }

    public required string Node { get; init; }

    /// <summary>False when the node had it already.</summary>
    public required bool Sent { get; init; }

    /// <summary>What an engine knows it by; empty when it was not sent.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>In bytes, unpacked; 0 when it was not sent.</summary>
    public long Size { get; init; }

    public int Layers { get; init; }

    /// <summary>Of <see cref="Layers"/>: the node lacked them.</summary>
    public int LayersSent { get; init; }

    /// <summary>Bytes of layers that were sent; less than their size where an interrupted transfer was continued.</summary>
    public long BytesSent { get; init; }

    public TimeSpan Duration { get; init; }

    public override string ToString() => $"{Image} on {Node}";
}
