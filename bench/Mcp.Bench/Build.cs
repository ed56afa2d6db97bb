namespace Mcp.Bench;

/// <summary>The programs of one build.</summary>
/// <param name="Label">"now" or "before".</param>
/// <param name="Folder">With mcp and mcp-agent.</param>
/// <param name="Module">The PowerShell module's folder; null: the build has none.</param>
internal sealed record Build(string Label, string Folder, string? Module)
{
    public string Mcp { get; } = Path.Combine(Folder, "mcp");

    public string Agent { get; } = Path.Combine(Folder, "mcp-agent");

    /// <exception cref="FileNotFoundException">A program is missing.</exception>
    public static Build In(string label, string folder, string? module)
    {
        var build = new Build(
            label, Path.GetFullPath(folder), module is not null && Directory.Exists(module) ? Path.GetFullPath(module) : null);
        foreach (var program in (string[])[build.Mcp, build.Agent])
            if (!File.Exists(program))
                throw new FileNotFoundException($"there is no {program}");
        return build;
    }
}
