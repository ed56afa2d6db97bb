using Mcp.Core.Collections;
using Mcp.Core.Definitions;

namespace Mcp.Core.Operations;

/// <summary>One deploy of a service, numbered from 1: what was wanted, exactly which images that were, who asked, and what came of
/// it.</summary>
public sealed record Release
{
    public required string Service { get; init; }

    public required int Number { get; init; }

    public required string OperationId { get; init; }

    /// <summary><see cref="OperationKind.Deploy"/> or <see cref="OperationKind.Rollback"/>.</summary>
    public OperationKind Kind { get; init; }

    /// <summary>The release that was deployed again; null: none.</summary>
    public int? RollbackOf { get; init; }

    /// <summary>null: the whole service was deployed.</summary>
    public string? Component { get; init; }

    /// <summary>Name of the token that requested it.</summary>
    public required string Actor { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>null while it is under way.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public ReleaseOutcome Outcome { get; init; }

    /// <summary>Why it failed; empty otherwise.</summary>
    public string Message { get; init; } = "";

    /// <summary>What the service is now.</summary>
    public bool Current { get; init; }

    public ValueList<ReleaseImage> Images { get; init; } = [];

    /// <summary>The whole service as it was to be. What an agent tells of it has the values of the environment hidden.</summary>
    public required ServiceDefinition Definition { get; init; }

    /// <summary>As it may leave the node.</summary>
    public Release WithoutSecrets() => this with { Definition = Definition.WithoutSecrets() };
}

/// <param name="Image">As the definition has it.</param>
/// <param name="Digest">In the image registry, or the image id when it came from none ("sha256:..." both).</param>
public sealed record ReleaseImage(string Component, string Image, string Digest);

public enum ReleaseOutcome
{
    /// <summary>Under way.</summary>
    Running,

    Succeeded,

    /// <summary>And the previous version could not be restored in full.</summary>
    Failed,

    /// <summary>Failed, and the previous version was restored.</summary>
    RolledBack,
}
