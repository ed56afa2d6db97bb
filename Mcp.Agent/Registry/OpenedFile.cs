using Microsoft.Win32.SafeHandles;

namespace Mcp.Agent.Registry;

/// <summary>A file that is held open, to notice that its path leads to another one or to none: whoever has it open would go on writing to
/// what is forgotten.</summary>
internal sealed class OpenedFile : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private readonly string? _target;

    /// <exception cref="IOException">It can't be opened.</exception>
    public OpenedFile(string path)
    {
        _path = path;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _target = Target();
    }

    /// <summary>False once it was removed, moved or replaced. Without /proc, only removal is seen; Windows permits none of them while a
    /// file is open.</summary>
    public bool IsInItsPlace => _target is null ? File.Exists(_path) : Target() == _target;

    public void Dispose() => _handle.Dispose();

    /// <summary>Where the open file is now; with " (deleted)" behind it when that is nowhere.</summary>
    private string? Target()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            return new FileInfo($"/proc/self/fd/{_handle.DangerousGetHandle()}").LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
