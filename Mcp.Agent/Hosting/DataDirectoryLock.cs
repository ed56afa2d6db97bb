using System.Globalization;
using Mcp.Core;

namespace Mcp.Agent.Hosting;

/// <summary>Held as long as the agent runs: two agents on one data directory would overwrite each other's data.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _held;
    private readonly string _processIdFile;

    private DataDirectoryLock(FileStream held, string processIdFile) => (_held, _processIdFile) = (held, processIdFile);

    public static DataDirectoryLock Take(DataDirectory directory)
    {
        FileStream held;
        try
        {
            held = PrivateFile.OpenExclusive(directory.Lock);
        }
        catch (IOException e)
        {
            throw new StartupException(ExitCodes.Failed, $"another agent{Holder(directory)} uses the data directory {directory.Root}",
                "stop that one first, or give this one its own data_dir", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartupException(ExitCodes.Failed, $"{directory.Lock} can't be opened: {e.Message}",
                "make the user that the agent runs as the owner of the data directory and its files (chown -R)", e);
        }

        // The id is in a separate file, since a locked file can't be read on Windows.
        File.WriteAllText(directory.ProcessId, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new(held, directory.ProcessId);
    }

    public void Dispose()
    {
        File.Delete(_processIdFile);
        _held.Dispose();
    }

    private static string Holder(DataDirectory directory)
    {
        try
        {
            return $" (pid {File.ReadAllText(directory.ProcessId).Trim()})";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
