namespace Mcp.Core.Definitions;

/// <summary>"source:target[:options]": source is an absolute host path or the name of an engine volume; options ro, rw, z, Z, comma-separated.</summary>
public sealed record VolumeMount(string Source, string Target, bool ReadOnly, string? Options = null)
{
    /// <summary>Reads the text form; null when it isn't one.</summary>
    public static VolumeMount? TryParse(string text) => throw new NotImplementedException();

    public override string ToString() => $"{Source}:{Target}{(Options is null ? "" : ":" + Options)}";
}
