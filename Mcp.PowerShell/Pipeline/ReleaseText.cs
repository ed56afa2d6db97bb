using Mcp.Core.Operations;

namespace Mcp.PowerShell.Pipeline;

/// <summary>What a release was, in few words.</summary>
internal static class ReleaseText
{
    /// <summary>"hello-web:v1, hello-worker:v1": registries are the same for all and long.</summary>
    public static string Images(Release release) =>
        string.Join(", ", release.Images.Select(i => Short(i.Image)).Distinct(StringComparer.Ordinal));

    private static string Short(string image) => image[(image.LastIndexOf('/') + 1)..];
}
