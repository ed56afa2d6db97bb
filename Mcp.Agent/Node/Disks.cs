using Mcp.Core.Status;

namespace Mcp.Agent.Node;

internal static class Disks
{
    /// <returns>null when there is no such path, as with an engine whose storage is inside a virtual machine.</returns>
    public static DiskStatus? Read(string path, string purpose)
    {
        try
        {
            if (!Directory.Exists(path))
                return null;

            // On Unix any path will do and means the file system it is on; Windows wants the drive.
            var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(Path.GetFullPath(path))! : path);
            return new(path, purpose, drive.TotalSize, drive.AvailableFreeSpace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
