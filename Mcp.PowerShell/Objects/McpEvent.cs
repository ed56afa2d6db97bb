namespace Mcp.PowerShell;

/// <summary>Something that happened on a node, as its agent stored it.</summary>
public sealed record McpEvent
{
    public long Id { get; init; }

    public DateTime Time { get; init; }

    public required string Service { get; init; }

    public required string Component { get; init; }

    public required string Node { get; init; }

    /// <summary>state, drift, drift-ended, flapping, deployed, ...</summary>
    public required string Kind { get; init; }

    /// <summary>State before, for kind "state"; otherwise empty.</summary>
    public string From { get; init; } = "";

    public string To { get; init; } = "";

    public string Message { get; init; } = "";

    /// <summary>Name of the token, for what a person did.</summary>
    public string Actor { get; init; } = "";

    public override string ToString() => $"{Service}/{Component} {Kind}: {Message}";
}
