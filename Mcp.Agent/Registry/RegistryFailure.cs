using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Registry;

/// <summary>SQLite's result codes (https://sqlite.org/rescode.html) and file errors as refusals that say what to do about the
/// file.</summary>
internal static class RegistryFailure
{
    public static AgentException From(SqliteException e, string path)
    {
        var said = $"SQLite error {e.SqliteExtendedErrorCode}: {Words(e.Message)}";
        return e.SqliteErrorCode switch
        {
            13 => new(AgentError.RegistryDiskFull, $"the registry database {path} can't grow: the disk is full ({said})",
                $"free space on the file system that holds {path} and try again; nothing was changed", e),
            5 or 6 => new(AgentError.RegistryLocked, $"the registry database {path} is locked by another process ({said})",
                "end the other program that has the file open (a second mcp-agent, a sqlite3 shell) and try again", e),
            11 or 26 => Damaged(path, said, e),
            8 => new(AgentError.RegistryReadOnly, $"the registry database {path} can't be written ({said})",
                $"make {path} and its directory writable for the agent's user, and check that the file system is not mounted read-only", e),
            14 => new(AgentError.RegistryFailed, $"the registry database {path} can't be opened ({said})",
                $"check that the directory of {path} exists and that the agent's user may read and write there", e),
            _ => new(AgentError.RegistryFailed, $"the registry database {path} failed ({said})",
                "look at the agent's log and at the health of the disk, then try again", e),
        };
    }

    public static AgentException Damaged(string path, string said, Exception? e)
    {
        var copy = RegistryCopies.Newest(path) is { } newest ? $"{newest}, the newest copy" : "a backup";
        return new(AgentError.RegistryCorrupt, $"the registry database {path} is damaged or is no SQLite database ({said})",
            $"stop the agent, go back to {copy}, with `mcp-agent restore FILE`, and start the agent again", e);
    }

    /// <summary>The file was removed or replaced while the agent runs.</summary>
    /// <param name="rescued">A copy of what it held; null: there is none.</param>
    public static AgentException Gone(string path, string? rescued) => new(
        AgentError.RegistryFailed,
        $"the registry database {path} was removed or replaced while the agent ran; nothing is done until it is back",
        rescued is null
            ? "stop the agent, go back to a backup with `mcp-agent restore FILE`, and start the agent again"
            : $"the agent has saved what it held to {rescued}: stop the agent, run `mcp-agent restore {rescued}` and start the agent "
                + "again");

    /// <summary>Others of this process have been waiting to write for longer than a write may wait.</summary>
    public static AgentException Busy(string path, TimeSpan waited) => new(
        AgentError.RegistryLocked,
            string.Create(CultureInfo.InvariantCulture, $"the registry database {path} has been locked for {waited.TotalSeconds:0.#} s"),
        "end the other program that has the file open (a second mcp-agent, a sqlite3 shell) and try again");

    public static AgentException From(Exception e, string path) => e switch
    {
        UnauthorizedAccessException => new(AgentError.RegistryReadOnly, $"the registry database {path} can't be made: {e.Message}",
            $"give the agent's user write access to {Path.GetDirectoryName(path)}, or name another data directory in agent.toml", e),
        IOException when File.Exists(path) =>
            new(AgentError.RegistryFailed, $"{path} exists already", "name a file that doesn't exist yet", e),
        _ => new(AgentError.RegistryFailed, $"the registry database {path} can't be made: {e.Message}",
            $"check that {Path.GetDirectoryName(path)} is a directory on a writable disk with space left", e),
    };

    // Microsoft.Data.Sqlite wraps SQLite's words as "SQLite Error 13: 'database or disk is full'."
    private static string Words(string message)
    {
        var start = message.IndexOf('\'', StringComparison.Ordinal);
        var end = message.LastIndexOf('\'');
        return start >= 0 && end > start ? message[(start + 1)..end] : message;
    }
}
