using System.Globalization;

namespace Mcp.Core.Containers.Engine;

/// <summary>
/// Where every change at podman shows: it has no daemon that would know, so all its processes write states into one database file, and
/// conmon, the parent of each container, leaves a file when the container ends. While neither has changed, an inspection shows the same.
/// </summary>
internal sealed class PodmanFiles
{
    private readonly FileInfo _database;
    private readonly DirectoryInfo _exits;

    private PodmanFiles(string database, string exits) => (_database, _exits) = (new(database), new(exits));

    /// <summary>
    /// By the arguments that conmon was given; null when they are not to be seen from here (another machine, a container of our own), or
    /// when this podman has its states elsewhere.
    /// </summary>
    /// <param name="pid">Of the container's first process.</param>
    public static PodmanFiles? Find(string container, int pid)
    {
        try
        {
            // "PID (NAME) STATE PARENT ...", where the name may have spaces and brackets.
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var parent = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1];
            return Of(container, File.ReadAllText($"/proc/{parent}/cmdline").Split('\0'));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static PodmanFiles? Of(string container, string[] conmon)
    {
        const string ExitArgument = "--exit-command-arg";
        if (!conmon[0].EndsWith("/conmon", StringComparison.Ordinal) || After(conmon, "-c") != container)
            return null;
        // What conmon is to call when the container has ended: "podman --root ROOT ... container cleanup ID".
        var podman = conmon.Index().Where(a => a.Index > 0 && conmon[a.Index - 1] == ExitArgument).Select(a => a.Item).ToArray();
        if (After(conmon, "--exit-dir") is not { } exits || After(podman, "--root") is not { } root)
            return null;
        var files = new PodmanFiles(Path.Combine(root, "libpod", "bolt_state.db"), exits);
        // podman 5 has an SQLite database, which has a log beside it.
        return File.Exists(Path.Combine(root, "db.sql")) || files.Stamp() is null ? null : files;
    }

    /// <summary>null when one of them is gone.</summary>
    public FileStamp? Stamp()
    {
        _database.Refresh();
        _exits.Refresh();
        return _database.Exists && _exits.Exists
            ? new(_database.LastWriteTimeUtc, _database.Length, _exits.LastWriteTimeUtc)
            : null;
    }

    private static string? After(string[] arguments, string name) =>
        Array.IndexOf(arguments, name) is >= 0 and var i && i + 1 < arguments.Length ? arguments[i + 1] : null;
}

internal readonly record struct FileStamp(DateTime Database, long Length, DateTime Exits)
{
    public DateTime Newest => Database > Exits ? Database : Exits;
}
