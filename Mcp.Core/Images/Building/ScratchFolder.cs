namespace Mcp.Core.Images.Building;

/// <summary>A folder for what an engine writes beside its output; gone when done.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mcp-image-").FullName;

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
