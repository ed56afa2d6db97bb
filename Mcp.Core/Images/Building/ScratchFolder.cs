namespace Mcp.Core.Images.Building;

/// <summary>A folder for what an engine writes beside its output; gone when done.</summary>
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
            // Of no consequence: it is in the system's folder for temporary files.
        }
    }
}
