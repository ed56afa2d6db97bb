namespace Mcp.PowerShell;

/// <summary>What a deploy would do to one component.</summary>
public sealed record McpPlan
{
    public required string Service { get; init; }

    public required string Node { get; init; }

    public required string Component { get; init; }

    /// <summary>unchanged, create, replace, start, stop, remove, run (a task) or restart.</summary>
    public required string Change { get; init; }

    /// <summary>"image v1 -> v2".</summary>
    public string Reason { get; init; } = "";

    /// <summary>start-first or stop-first where a container is replaced; empty elsewhere.</summary>
    public string Strategy { get; init; } = "";

    public string StrategyReason { get; init; } = "";

    /// <summary>The equivalent `podman run` of the container that is created, environment values hidden; empty when none is.</summary>
    public string RunLine { get; init; } = "";

    /// <summary>Empty for a component that the definition no longer has.</summary>
    public string Image { get; init; } = "";

    /// <summary>What would be done about the image first: none, build, build and push, build and send, or send.</summary>
    public string ImageAction { get; init; } = "none";

    /// <summary>Why: "not in the image registry"; empty when nothing is done.</summary>
    public string ImageReason { get; init; } = "";

    /// <summary>The number that the deploy would get; null: there would be none, as nothing changes.</summary>
    public int? Release { get; init; }

    /// <summary>Whether anything would be done about this component or its image; true for all if only the stored definition would
    /// change.</summary>
    public bool HasChanges { get; init; }

    public override string ToString() => $"{Service}/{Component}: {Change}";
}
