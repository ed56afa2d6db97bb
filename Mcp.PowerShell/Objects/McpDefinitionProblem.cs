namespace Mcp.PowerShell;

/// <summary>One mistake in a service definition, its place, and what to write instead.</summary>
public sealed record McpDefinitionProblem
{
    /// <summary>Full path.</summary>
    public required string Path { get; init; }

    /// <summary>1-based; 0 when no place in the text is meant.</summary>
    public int Line { get; init; }

    /// <summary>1-based, in characters.</summary>
    public int Column { get; init; }

    public required string Message { get; init; }

    public required string Remedy { get; init; }

    public override string ToString() => Line > 0 ? $"{Path}:{Line}:{Column}: {Message}; {Remedy}" : $"{Path}: {Message}; {Remedy}";
}
