using Mcp.Core.Collections;

namespace Mcp.Core.Status;

/// <summary>Desired and observed state of one component.</summary>
public sealed record ComponentStatus
{
    public required string Service { get; init; }

    public required string Component { get; init; }

    /// <summary>The container's name, whether or not it exists.</summary>
    public string Container { get; init; } = "";

    /// <summary>Empty when there is no container.</summary>
    public string ContainerId { get; init; } = "";

    public string Image { get; init; } = "";

    /// <summary>The image's tag; empty when it has none.</summary>
    public string Version { get; init; } = "";

    /// <summary>What was deployed, whatever the tag means by now: the digest in the image registry ("sha256:..."), or the image id when the
    /// image came from none. Empty when it was deployed before digests were recorded.</summary>
    public string Digest { get; init; } = "";

    public DesiredState Desired { get; init; }

    public ObservedState State { get; init; }

    /// <summary>null when it does not run.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>null while it runs and before it ever did.</summary>
    public int? ExitCode { get; init; }

    public int RestartCount { get; init; }

    /// <summary>"127.0.0.1:31022->31022/tcp" each.</summary>
    public ValueList<string> Ports { get; init; } = [];

    public ValueList<RouteStatus> Routes { get; init; } = [];

    /// <summary>Since when observed is not what is desired; null when it is.</summary>
    public DateTimeOffset? DriftSince { get; init; }

    public bool Flapping { get; init; }

    /// <summary>Why, in words, when something is off; otherwise empty.</summary>
    public string Message { get; init; } = "";
}
