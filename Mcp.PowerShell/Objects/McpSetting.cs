namespace Mcp.PowerShell;

/// <summary>One setting of the workstation, and who said so.</summary>
public sealed record McpSetting
{
    /// <summary>As in the config file: build.workspace, nodes.office-1.address.</summary>
    public required string Name { get; init; }

    /// <summary>Null when it is not set; *** for a secret.</summary>
    public string? Value { get; init; }

    /// <summary>A parameter, an environment variable, a line of the config file, or "default".</summary>
    public required string Source { get; init; }

    public override string ToString() => $"{Name} = {Value}";
}
