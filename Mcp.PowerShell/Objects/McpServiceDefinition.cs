namespace Mcp.PowerShell;

/// <summary>A service's definition: the content of its file.</summary>
public sealed record McpServiceDefinition
{
    public required string Name { get; init; }

    /// <summary>null: the only one there is.</summary>
    public string? Node { get; init; }

    public bool Active { get; init; }

    public string? Version { get; init; }

    public McpComponentDefinition[] Components { get; init; } = [];

    /// <summary>All of it, as the file would say it; for Compare-Object and for keeping.</summary>
    public required string Toml { get; init; }

    public override string ToString() => Name;
}

public sealed record McpComponentDefinition
{
    public required string Name { get; init; }

    public required string Image { get; init; }

    /// <summary>server or task.</summary>
    public required string Kind { get; init; }

    public string[] DependsOn { get; init; } = [];

    /// <summary>auto, start-first or stop-first.</summary>
    public required string Strategy { get; init; }

    public TimeSpan? Drain { get; init; }

    public TimeSpan StopTimeout { get; init; }

    public string? Network { get; init; }

    public string? User { get; init; }

    public string Restart { get; init; } = "";

    public string[] Ports { get; init; } = [];

    public string[] Volumes { get; init; } = [];

    public string[] Command { get; init; } = [];

    /// <summary>"NAME=***" each.</summary>
    public string[] Environment { get; init; } = [];

    /// <summary>"http: 443 l7 hello.example" each.</summary>
    public string[] Routes { get; init; } = [];

    public override string ToString() => Name;
}
