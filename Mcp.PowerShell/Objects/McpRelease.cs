namespace Mcp.PowerShell;

/// <summary>One numbered deploy of a service.</summary>
public sealed record McpRelease
{
    public required string Service { get; init; }

    public required int Number { get; init; }

    public required string Node { get; init; }

    /// <summary>What the service is now.</summary>
    public bool Current { get; init; }

    /// <summary>running (under way), succeeded, failed or rolled-back.</summary>
    public required string Outcome { get; init; }

    /// <summary>Name of the token that requested it.</summary>
    public string Actor { get; init; } = "";

    public DateTime StartedAt { get; init; }

    /// <summary>null while it is under way.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>deploy or rollback.</summary>
    public required string Kind { get; init; }

    /// <summary>The release that was deployed again; null: none.</summary>
    public int? RollbackOf { get; init; }

    /// <summary>null: the whole service was deployed.</summary>
    public string? Component { get; init; }

    /// <summary>Exactly what was run.</summary>
    public McpReleaseImage[] Images { get; init; } = [];

    /// <summary>Why it failed; empty otherwise.</summary>
    public string Message { get; init; } = "";

    public string OperationId { get; init; } = "";

    /// <summary>The whole service as it was to be; values of the environment are hidden.</summary>
    public required McpServiceDefinition Definition { get; init; }

    public override string ToString() => $"{Service} #{Number}";
}

public sealed record McpReleaseImage
{
    public required string Component { get; init; }

    /// <summary>As the definition had it.</summary>
    public required string Image { get; init; }

    /// <summary>In the image registry, or the image id when it came from none.</summary>
    public string Digest { get; init; } = "";

    public override string ToString() => Image;
}
