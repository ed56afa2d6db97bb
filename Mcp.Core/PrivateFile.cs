using System.Text;

namespace Mcp.Core;

/// <summary>Files that only their owner may read. On Windows the access list of their folder protects them instead of a mode.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Replaces the file as a whole: a reader, or a crash, sees the old content or the new one, never a part. A missing folder is created;
    /// a file that is a link (dotfiles) stays one, and the file that it points at is replaced.
    /// </summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var target = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        CreateFolder(Path.GetDirectoryName(Path.GetFullPath(target))!);
        var temporary = $"{target}.{Path.GetRandomFileName()}.new";
        try
        {
            using (var stream = new FileStream(temporary, Options(FileMode.CreateNew)))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Throws <see cref="IOException"/> while another process holds it. The lock ends with the process, however it ends.</summary>
    public static FileStream OpenExclusive(string path) => new(path, Options(FileMode.OpenOrCreate));

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return options;
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }
}
