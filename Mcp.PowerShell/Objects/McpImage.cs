namespace Mcp.PowerShell;

/// <summary>An image that was built.</summary>
public sealed record McpImage
{
    public required string Service { get; init; }

    /// <summary>The full reference, with its tag.</summary>
    public required string Image { get; init; }

    /// <summary>In the image registry; empty when it was not pushed.</summary>
    public string Digest { get; init; } = "";

    /// <summary>What an engine knows it by.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>In bytes, unpacked.</summary>
    public long Size { get; init; }

    public int Layers { get; init; }

    /// <summary>Of <see cref="Layers"/>: taken from the build cache or the base image.</summary>
    public int LayersReused { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>False where the image was there and had only to be sent.</summary>
    public bool Built { get; init; }

    public bool Pushed { get; init; }

    /// <summary>The node whose engine got it directly; empty when none did.</summary>
    public string SentTo { get; init; } = "";

    /// <summary>Of <see cref="Layers"/>: the node lacked them, so that they were sent.</summary>
    public int LayersSent { get; init; }

    /// <summary>Bytes of layers that were sent.</summary>
    public long BytesSent { get; init; }

    public override string ToString() => Image;
}
