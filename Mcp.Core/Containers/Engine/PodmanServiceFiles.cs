using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mcp.Core.Processes;

namespace Mcp.Core.Containers.Engine;

/// <summary>
/// Files of our podman service: its socket, and its process id, by which the next run finds a service that outlived a killed agent.
/// </summary>
internal sealed class PodmanServiceFiles
{
    /// <summary>A unix socket's path has at most 107 bytes.</summary>
    private const int LongestSocketPath = 107;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder;
    private readonly string _processFile;

    public PodmanServiceFiles(string dataDirectory)
    {
        _folder = Path.Combine(Path.GetFullPath(dataDirectory), "engine");
        _processFile = Path.Combine(_folder, "podman.pid");
        SocketPath = Path.Combine(_folder, "podman.sock");
        if (Encoding.UTF8.GetByteCount(SocketPath) > LongestSocketPath)
            SocketPath = Path.Combine(Path.GetTempPath(),
                "mcp-engine-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_folder)))[..16], "podman.sock");
    }

    public string SocketPath { get; }

    /// <summary>Access to the socket is as good as root: the folders are for the owner only.</summary>
    public void Prepare()
    {
        try
        {
            foreach (var folder in (string[])[_folder, Path.GetDirectoryName(SocketPath)!])
            {
                Directory.CreateDirectory(folder);
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(folder, OwnerOnly);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(EngineError.Failed, $"cannot use {_folder} for the socket of a podman service: {e.Message}",
                "make the agent's data directory writable for it", e);
        }
    }

    public void DeleteSocket() => File.Delete(SocketPath);

    public void WriteProcessId(int id) => File.WriteAllText(_processFile, id.ToString(CultureInfo.InvariantCulture));

    public void Clear()
    {
        try
        {
            File.Delete(SocketPath);
            File.Delete(_processFile);
        }
        catch (IOException)
        {
            // The next start removes left-over files.
        }
    }

    /// <summary>
    /// Ends the service of an earlier run that was killed. Returns its process id; null when there is none. Never touches another process.
    /// </summary>
    public async Task<int?> EndLeftOverAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        if (!File.Exists(_processFile)
            || !int.TryParse(await File.ReadAllTextAsync(_processFile, cancellationToken).ConfigureAwait(false),
                CultureInfo.InvariantCulture, out var id)
            || !IsOurService(id))
            return null;
        using var process = Subprocess.Find(id);
        if (process is null)
            return null;
        await process.StopAsync(within).ConfigureAwait(false);
        return id;
    }

    /// <summary>The process id may belong to another program by now; ours has the socket among its arguments.</summary>
    private bool IsOurService(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Split('\0').Contains("unix://" + SocketPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
