namespace Mcp.PowerShell;

/// <summary>A line that a component wrote.</summary>
public sealed record McpLogLine
{
    public required string Service { get; init; }

    public required string Component { get; init; }

    public required string Node { get; init; }

    public DateTime Time { get; init; }

    /// <summary>stdout or stderr.</summary>
    public required string Stream { get; init; }

    public required string Text { get; init; }

    /// <summary>The text with control characters written out ("\u001b"), as the default view shows it.</summary>
    public string SafeText => Core.SafeText.Of(Text);

    /// <summary>The line itself, so that Select-String, -match and Out-File see what the component wrote.</summary>
    public override string ToString() => Text;
}
