namespace Mcp.Core.Client.Workstation;

/// <summary>A value and where it came from.</summary>
/// <param name="Source">"--config", "MCP_SERVICES_DIR", "/home/me/.config/mcp/mcp.toml:3" or "default".</param>
public sealed record Setting<T>(T Value, string Source);

public static class Setting
{
    /// <summary>The source of what is not set.</summary>
    public const string Default = "default";
}
