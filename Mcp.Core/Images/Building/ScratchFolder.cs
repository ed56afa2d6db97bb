namespace Mcp.Core.Images.Building;

/// <summary>A temporary folder for files that an engine writes; deleted when disposed.</summary>
/// <param name="parent">null: the system's folder for temporary files.</param>
internal sealed class ScratchFolder(string? parent = null) : IDisposable
{
    public string Path { get; } = parent is null
        ? Directory.CreateTempSubdirectory("mcp-image-").FullName
        : Directory.CreateDirectory(System.IO.Path.Combine(parent, $"mcp-image-{Guid.NewGuid():N}")).FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Harmless: it is in the system's folder for temporary files.
        }
    }
}
