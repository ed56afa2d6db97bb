namespace Mcp.PowerShell;

/// <summary>One component of a deployed service: its desired and its observed state. States are lower-case text, so that they compare,
/// sort, and go through ConvertTo-Json and Export-Csv as they read.</summary>
public sealed record McpComponent
{
    public required string Service { get; init; }

    public required string Component { get; init; }

    public required string Node { get; init; }

    /// <summary>running, exited, missing, created, restarting, paused, dead or unknown.</summary>
    public required string State { get; init; }

    /// <summary>running, stopped, or completed (a task: ended with exit code 0).</summary>
    public required string Desired { get; init; }

    /// <summary>The image's tag; empty when it has none.</summary>
    public string Version { get; init; } = "";

    /// <summary>What was deployed, whatever the tag means by now: the digest in the image registry, or the image id when the image came
    /// from none.</summary>
    public string Digest { get; init; } = "";

    public string Image { get; init; } = "";

    /// <summary>The container's name, whether or not it exists.</summary>
    public string Container { get; init; } = "";

    public string ContainerId { get; init; } = "";

    /// <summary>null when it does not run.</summary>
    public DateTime? Started { get; init; }

    public DateTime? Finished { get; init; }

    /// <summary>null while it runs and before it ever did.</summary>
    public int? ExitCode { get; init; }

    public int RestartCount { get; init; }

    /// <summary>"127.0.0.1:31022->31022/tcp" each.</summary>
    public string[] Ports { get; init; } = [];

    public McpRoute[] Routes { get; init; } = [];

    /// <summary>Since when State differs from Desired; null when it does not.</summary>
    public DateTime? DriftSince { get; init; }

    public bool Flapping { get; init; }

    /// <summary>Why, when something is off.</summary>
    public string Message { get; init; } = "";

    public override string ToString() => $"{Service}/{Component}";
}
