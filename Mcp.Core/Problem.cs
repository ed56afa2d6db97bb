namespace Mcp.Core;

/// <summary>One thing wrong with a file that a person wrote, where it stands, and what to write instead.</summary>
/// <param name="File">As the user named it; null for a definition that came over the wire.</param>
/// <param name="Line">1-based; 0 when there is no text behind it.</param>
/// <param name="Column">1-based, in characters.</param>
public sealed record Problem(string? File, int Line, int Column, string Message, string Remedy)
{
    /// <summary>"file:line:column: message; remedy", the form that editors make clickable.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File ?? "definition"}:{Line}:{Column}: " : File is null ? "" : File + ": ";
        return $"{place}{Message}; {Remedy}";
    }
}
